namespace Leanserve.Engine.Knowledge;

/// <summary>
/// Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): a passage scores the sum of 1 / (60 + rank) over the lists that hold it, so that
/// scores of different scales need no weights.
/// </summary>
internal static class RankFusion
{
    private const double RankOffset = 60;

    /// <summary>The best passages over all lists, best first; ties go by source and place.</summary>
    public static IReadOnlyList<ScoredPassage> Fuse(IReadOnlyList<IReadOnlyList<ScoredPassage>> lists, int count)
    {
        var scores = new Dictionary<(string Source, int Number), ScoredPassage>();
        foreach (var list in lists)
        {
            for (var rank = 0; rank < list.Count; rank++)
            {
                var passage = list[rank].Passage;
                var key = (passage.Source, passage.Number);
                var before = scores.TryGetValue(key, out var known) ? known.Score : 0;
                scores[key] = new ScoredPassage(passage, before + (1 / (RankOffset + rank + 1)));
            }
        }

        return [.. scores.Values
            .OrderByDescending(each => each.Score)
            .ThenBy(each => each.Passage.Source, StringComparer.Ordinal)
            .ThenBy(each => each.Passage.Number)
            .Take(count)];
    }
}
