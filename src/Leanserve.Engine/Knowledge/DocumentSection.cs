namespace Leanserve.Engine.Knowledge;

/// <summary>A stretch of a document under one heading: characters from <paramref name="Start"/> up to <paramref name="End"/>.</summary>
internal readonly record struct DocumentSection(string Heading, int Start, int End)
{
    /// <summary>The sections of a document in order, covering all of it: by headings, by pages, or one for a document with neither.</summary>
    public static IReadOnlyList<DocumentSection> Of(KnowledgeDocument document)
    {
        if (document.HasHeadings)
        {
            return MarkdownSections(document.Text);
        }

        int[] ends = [.. document.Pages.Skip(1), document.Text.Length];
        return [.. ends.Select((end, i) => new DocumentSection("", i == 0 ? 0 : ends[i - 1], end))];
    }

    private static List<DocumentSection> MarkdownSections(string text)
    {
        var sections = new List<DocumentSection>();
        var path = new List<(int Level, string Title)>();
        var start = 0;
        var fenced = false;
        var hasBody = false;
        foreach (var line in Lines(text))
        {
            var content = text.AsSpan(line.Start, line.End - line.Start);
            fenced ^= content.TrimStart().StartsWith("```");
            var level = fenced ? 0 : HeadingLevel(content);
            if (level == 0)
            {
                hasBody |= !content.IsWhiteSpace();
                continue;
            }

            // A heading with nothing under it stays with the section that follows: alone it would be a passage that says nothing.
            if (hasBody)
            {
                sections.Add(new DocumentSection(HeadingPath(path), start, line.Start));
                start = line.Start;
                hasBody = false;
            }

            path.RemoveAll(heading => heading.Level >= level);
            path.Add((level, content.Trim().Trim('#').Trim().ToString()));
        }

        sections.Add(new DocumentSection(HeadingPath(path), start, text.Length));
        return sections;
    }

    private static string HeadingPath(List<(int Level, string Title)> path) => string.Join(" > ", path.Select(heading => heading.Title));

    private static int HeadingLevel(ReadOnlySpan<char> line)
    {
        var level = line.IndexOfAnyExcept('#');
        return level is >= 1 and <= 6 && line[level] == ' ' ? level : 0;
    }

    private static IEnumerable<(int Start, int End)> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            yield return (start, end);
            start = end;
        }
    }
}
