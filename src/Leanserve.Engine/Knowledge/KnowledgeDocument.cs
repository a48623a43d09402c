namespace Leanserve.Engine.Knowledge;

/// <summary>One document of a knowledge source, as text.</summary>
/// <param name="Source">Source name and path within it, with forward slashes: <c>handbook/returns.md</c>.</param>
/// <param name="Text">The whole text, line ends normalised to <c>\n</c>, without a byte order mark.</param>
public sealed record KnowledgeDocument(string Source, string Text)
{
    private static readonly string[] WithHeadings = [".md", ".markdown", ".html", ".htm", ".xhtml"];

    /// <summary>Where each page begins in <see cref="Text"/>; empty for a document without pages.</summary>
    public IReadOnlyList<int> Pages { get; init; } = [];

    /// <summary>Whether the text has Markdown headings: as it was written, or put in place of HTML's.</summary>
    public bool HasHeadings => WithHeadings.Any(extension => Source.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>The page that a character is on, from 1; null for a document without pages.</summary>
    public int? PageOf(int offset) => Pages.Count == 0 ? null : Math.Max(1, Pages.Count(start => start <= offset));

    /// <summary>Pages follow from the file that source and text came from.</summary>
    public bool Equals(KnowledgeDocument? other) => other is not null && Source == other.Source && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Text);
}
