namespace Leanserve.Engine.Knowledge;

/// <summary>A sentence or line that passages are packed from, its surrounding white space left out.</summary>
internal readonly record struct TextUnit(int Start, int End, int Tokens, bool EndsParagraph);

/// <summary>Cuts a section into units of which each fits a passage.</summary>
internal sealed class TextUnits(string text, Func<string, int> countTokens, int maxTokens)
{
    private readonly List<TextUnit> units = [];

    public IReadOnlyList<TextUnit> Between(int start, int end)
    {
        units.Clear();
        for (var from = start; from < end;)
        {
            var to = SentenceBoundary.After(text, from, end);
            Add(from, to, EndsParagraph(to, end));
            from = to;
        }

        return units;
    }

    // Too long for one passage (a table row, minified text): halved at white space where there is some, else anywhere between two characters.
    private void Add(int from, int to, bool endsParagraph)
    {
        while (from < to && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        while (to > from && char.IsWhiteSpace(text[to - 1]))
        {
            to--;
        }

        if (from == to)
        {
            return;
        }

        var tokens = countTokens(text[from..to]);
        var middle = Middle(from, to);
        if (tokens <= maxTokens || middle <= from || middle >= to)
        {
            units.Add(new TextUnit(from, to, tokens, endsParagraph));
            return;
        }

        Add(from, middle, endsParagraph: false);
        Add(middle, to, endsParagraph);
    }

    private int Middle(int from, int to)
    {
        var middle = from + ((to - from) / 2);
        var space = text.AsSpan(middle, to - middle).IndexOf(' ');
        if (space > 0 && middle + space < to - 1)
        {
            return middle + space;
        }

        return middle > from && char.IsLowSurrogate(text[middle]) ? middle - 1 : middle;
    }

    private bool EndsParagraph(int position, int end)
    {
        var breaks = position > 0 && text[position - 1] == '\n' ? 1 : 0;
        for (; position < end && char.IsWhiteSpace(text[position]); position++)
        {
            breaks += text[position] == '\n' ? 1 : 0;
        }

        return breaks > 1 || position == end;
    }
}
