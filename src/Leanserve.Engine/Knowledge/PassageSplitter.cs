namespace Leanserve.Engine.Knowledge;

/// <summary>
/// Cuts documents into passages of a bounded number of tokens: sections first (headings or pages), then whole sentences, with an overlap between
/// neighbours of one section so that no answer is lost on a cut.
/// </summary>
/// <param name="countTokens">Counts tokens by the model's own tokenizer.</param>
/// <param name="options">Bounds.</param>
public sealed class PassageSplitter(Func<string, int> countTokens, PassageOptions options)
{
    /// <summary>The document's passages in order. Every character that is not white space is in at least one of them.</summary>
    public IReadOnlyList<Passage> Split(KnowledgeDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var passages = new List<Passage>();
        var units = new TextUnits(document.Text, countTokens, options.MaxTokens);
        foreach (var section in DocumentSection.Of(document))
        {
            Pack(document, section.Heading, units.Between(section.Start, section.End), passages);
        }

        return passages;
    }

    private void Pack(KnowledgeDocument document, string heading, IReadOnlyList<TextUnit> units, List<Passage> passages)
    {
        var text = document.Text;
        var start = units.Count > 0 ? units[0].Start : 0;
        for (var first = 0; first < units.Count;)
        {
            var end = Fill(text, units, first, ref start, out var tokens);
            var to = units[end - 1].End;
            passages.Add(new Passage(document.Source, passages.Count, heading, start, text[start..to], tokens, document.PageOf(start)));
            start = end < units.Count ? OverlapStart(text, units[first].Start, to, units[end].Start) : to;
            first = end;
        }
    }

    // The end (exclusive) of the longest run of units from `first` on that fits, cut back to a paragraph's end where that keeps it at least half full.
    private int Fill(string text, IReadOnlyList<TextUnit> units, int first, ref int start, out int tokens)
    {
        var estimate = start < units[first].Start ? countTokens(text[start..units[first].Start]) : 0;
        var paragraphEnd = 0;
        var end = first;
        while (end < units.Count && (end == first || estimate + units[end].Tokens <= options.MaxTokens))
        {
            estimate += units[end].Tokens;
            paragraphEnd = units[end].EndsParagraph && estimate * 2 >= options.MaxTokens ? end + 1 : paragraphEnd;
            end++;
        }

        end = end < units.Count && paragraphEnd > first ? paragraphEnd : end;
        // The sum of the units is an estimate: white space between them has tokens too.
        for (tokens = countTokens(text[start..units[end - 1].End]); tokens > options.MaxTokens && end > first + 1; end--)
        {
            tokens = countTokens(text[start..units[end - 2].End]);
        }

        if (tokens > options.MaxTokens)
        {
            start = units[first].Start;
            tokens = units[first].Tokens;
        }

        return end;
    }

    // The first word from which on the tail of [from, to) has no more than the overlap's tokens; `next` where not even the last word fits.
    private int OverlapStart(string text, int from, int to, int next)
    {
        var starts = new List<int>();
        for (var i = from + 1; i < to; i++)
        {
            if (!char.IsWhiteSpace(text[i]) && char.IsWhiteSpace(text[i - 1]))
            {
                starts.Add(i);
            }
        }

        var (low, high) = (0, starts.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = countTokens(text[starts[middle]..to]) <= options.OverlapTokens ? (low, middle) : (middle + 1, high);
        }

        return low < starts.Count ? starts[low] : next;
    }
}
