namespace Leanserve.Translation.Validation;

/// <summary>Guesses which name was meant.</summary>
internal static class NearestName
{
    /// <summary>A remedy: the name that differs least, when it differs little, and all known names.</summary>
    public static string Remedy(string written, IEnumerable<string> known)
    {
        var names = known.ToList();
        var (nearest, distance) = names.Select(name => (name, Distance(written, name))).MinBy(pair => pair.Item2);
        var list = string.Join(", ", names);
        return distance <= Math.Max(2, written.Length / 3) ? $"Did you mean {nearest}? Known here: {list}" : $"Known here: {list}";
    }

    // Levenshtein distance, letter case ignored.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, substituted);
            }
        }

        return row[^1];
    }
}
