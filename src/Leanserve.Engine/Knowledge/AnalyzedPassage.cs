namespace Leanserve.Engine.Knowledge;

/// <summary>A passage with its terms counted; a passage's heading counts as part of its text.</summary>
internal sealed record AnalyzedPassage(Passage Passage, IReadOnlyDictionary<string, int> Occurrences, int Length)
{
    public static AnalyzedPassage Of(Passage passage)
    {
        var length = 0;
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var term in SearchTerms.Of($"{passage.Heading}\n{passage.Text}"))
        {
            occurrences[term] = occurrences.GetValueOrDefault(term) + 1;
            length++;
        }

        return new AnalyzedPassage(passage, occurrences, length);
    }
}
