namespace Leanserve.Engine.Knowledge;

/// <summary>
/// Where a text may be cut without tearing a statement: behind sentences and lines. Full stops of abbreviations, initials, numbers and ordinals end
/// nothing; a question stays with what follows it, its answer more often than not.
/// </summary>
internal static class SentenceBoundary
{
    private const string Closing = "\"'”’»)]*_";

    // Always followed by what they introduce. Others ("etc.", "Inc.") end a sentence when a capital follows.
    private static readonly HashSet<string> Introducing = new(StringComparer.OrdinalIgnoreCase)
    {
        "dr", "mr", "mrs", "ms", "prof", "st", "gen", "col", "capt", "lt", "sgt", "rev", "mt", "approx", "vs", "cf", "viz", "e.g", "i.e",
        "bzw", "ggf", "inkl", "ca", "z.b", "d.h", "u.a",
    };

    // Words of their own unless a number follows.
    private static readonly HashSet<string> Numbering = new(StringComparer.OrdinalIgnoreCase) { "no", "nr", "fig", "sec", "art", "vol", "pp", "eq", "ch", "abs" };

    /// <summary>The end (exclusive) of the statement that begins at <paramref name="from"/>, at most <paramref name="end"/>.</summary>
    public static int After(string text, int from, int end)
    {
        var isQuestion = false;
        for (var i = from; i < end; i++)
        {
            switch (text[i])
            {
                case '\n' when !isQuestion || i + 1 >= end || IsBlankLine(text, i + 1, end):
                case '。' or '！':
                    return i + 1;
                case '\n':
                    isQuestion = false;
                    break;
                case '？':
                    isQuestion = true;
                    break;
                case '.' or '!' or '?' or '…':
                    var next = SkipClosing(text, i + 1, end);
                    if (next < end && !char.IsWhiteSpace(text[next]))
                    {
                        break;
                    }

                    isQuestion = text[i] == '?';
                    if (!isQuestion && (text[i] != '.' || EndsSentence(text, from, i, next, end)))
                    {
                        return next;
                    }

                    i = next - 1;
                    break;
            }
        }

        return end;
    }

    private static bool EndsSentence(string text, int from, int stop, int next, int end)
    {
        var start = stop;
        while (start > from && !char.IsWhiteSpace(text[start - 1]) && !"([\"“„«".Contains(text[start - 1], StringComparison.Ordinal))
        {
            start--;
        }

        var word = text[start..stop];
        while (next < end && text[next] is ' ' or '\t' or '\r')
        {
            next++;
        }

        // Behind the last word of a line or section nothing is introduced any more.
        var following = next < end ? text[next] : '\n';
        var isInitial = word.Length == 1 && char.IsUpper(word[0]);
        return following == '\n'
            || !(isInitial || Introducing.Contains(word) || char.IsLower(following) || (Numbering.Contains(word) && char.IsDigit(following)));
    }

    private static bool IsBlankLine(string text, int from, int end)
    {
        while (from < end && text[from] is ' ' or '\t' or '\r')
        {
            from++;
        }

        return from >= end || text[from] == '\n';
    }

    private static int SkipClosing(string text, int from, int end)
    {
        while (from < end && (Closing.Contains(text[from], StringComparison.Ordinal) || text[from] is '.' or '!' or '?' or '…'))
        {
            from++;
        }

        return from;
    }
}
