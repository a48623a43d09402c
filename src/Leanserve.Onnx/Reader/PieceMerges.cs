namespace Leanserve.Onnx.Reader;

/// <summary>Byte-pair merges (arXiv 1508.07909) that make each of some words one piece; the pieces on the way serve words not listed.</summary>
internal static class PieceMerges
{
    /// <summary>Merges in order of rank.</summary>
    /// <param name="words">In byte-level spelling, without spaces.</param>
    public static IReadOnlyList<(string Left, string Right)> Learn(IEnumerable<string> words)
    {
        List<string[]> splits = [.. words.Select(word => word.Select(character => character.ToString()).ToArray())];
        List<(string Left, string Right)> merges = [];
        while (MostFrequentPair(splits) is { } pair)
        {
            merges.Add(pair);
            for (int i = 0; i < splits.Count; i++)
            {
                splits[i] = Apply(splits[i], pair);
            }

            splits.RemoveAll(split => split.Length == 1);
        }

        return merges;
    }

    private static (string Left, string Right)? MostFrequentPair(List<string[]> splits)
    {
        Dictionary<(string Left, string Right), int> counts = [];
        foreach (string[] split in splits)
        {
            for (int i = 1; i < split.Length; i++)
            {
                (string, string) pair = (split[i - 1], split[i]);
                counts[pair] = counts.GetValueOrDefault(pair) + 1;
            }
        }

        // Ties go by spelling: the vocabulary must not depend on the order of a hash table.
        return counts.Count == 0
            ? null
            : counts.OrderByDescending(count => count.Value).ThenBy(count => $"{count.Key.Left} {count.Key.Right}", StringComparer.Ordinal).First().Key;
    }

    private static string[] Apply(string[] split, (string Left, string Right) pair)
    {
        List<string> merged = [];
        for (int i = 0; i < split.Length; i++)
        {
            bool matches = i + 1 < split.Length && split[i] == pair.Left && split[i + 1] == pair.Right;
            merged.Add(matches ? split[i] + split[i + 1] : split[i]);
            i += matches ? 1 : 0;
        }

        return merged.Count == split.Length ? split : [.. merged];
    }
}
