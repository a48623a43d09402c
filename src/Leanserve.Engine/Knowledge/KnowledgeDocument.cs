namespace Leanserve.Engine.Knowledge;

/// <summary>One text file of a knowledge source.</summary>
/// <param name="Source">Source name and path within it, with forward slashes: <c>handbook/returns.md</c>.</param>
/// <param name="Text">The whole text, line ends normalised to <c>\n</c>, without a byte order mark.</param>
public sealed record KnowledgeDocument(string Source, string Text)
{
    /// <summary>Whether the text is split by Markdown headings.</summary>
    public bool IsMarkdown => Source.EndsWith(".md", StringComparison.OrdinalIgnoreCase)
        || Source.EndsWith(".markdown", StringComparison.OrdinalIgnoreCase);
}
