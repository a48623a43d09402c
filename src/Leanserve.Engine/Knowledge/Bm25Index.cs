namespace Leanserve.Engine.Knowledge;

/// <summary>
/// An inverted index over passages, ranked by BM25 (Robertson and Zaragoza, 2009) with the usual k1 = 1.2, b = 0.75. Immutable, so that searches need no lock.
/// </summary>
public sealed class Bm25Index
{
    private const double TermSaturation = 1.2;
    private const double LengthNormalization = 0.75;

    private readonly Passage[] passages;
    private readonly double[] saturation;
    private readonly Dictionary<string, List<Posting>> postings = new(StringComparer.Ordinal);

    /// <summary>Indexes passages; a passage's heading counts as part of its text.</summary>
    public Bm25Index(IEnumerable<Passage> passages)
        : this(passages.Select(AnalyzedPassage.Of))
    {
    }

    private Bm25Index(IEnumerable<AnalyzedPassage> analyzed)
    {
        AnalyzedPassage[] sorted = [.. analyzed.OrderBy(each => each.Passage.Source, StringComparer.Ordinal).ThenBy(each => each.Passage.Offset)];
        passages = [.. sorted.Select(each => each.Passage)];
        for (var i = 0; i < sorted.Length; i++)
        {
            Add(i, sorted[i].Occurrences);
        }

        var average = Math.Max(1.0, sorted.Select(each => each.Length).DefaultIfEmpty().Average());
        saturation = [.. sorted.Select(each => TermSaturation * (1 - LengthNormalization + (LengthNormalization * each.Length / average)))];
    }

    /// <summary>Indexes passages whose terms are counted already.</summary>
    internal static Bm25Index OfAnalyzed(IEnumerable<AnalyzedPassage> passages) => new(passages);

    /// <summary>The passages by source and offset: the order of equal scores.</summary>
    internal IReadOnlyList<Passage> Passages => passages;

    /// <summary>Passages in the index.</summary>
    public int Count => passages.Length;

    /// <summary>
    /// The best passages for a query, best first; ties go by source and offset, so that the same query always gives the same prompt. Passages that share no
    /// term with the query are left out, so there may be fewer than <paramref name="count"/>, or none.
    /// </summary>
    /// <param name="query">A question, or words.</param>
    /// <param name="count">Most passages to return.</param>
    /// <param name="accepts">Which passages count; null takes all.</param>
    public IReadOnlyList<ScoredPassage> Search(string query, int count, Func<Passage, bool>? accepts = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var scores = new double[passages.Length];
        foreach (var term in SearchTerms.Of(query).Distinct(StringComparer.Ordinal))
        {
            AddScores(term, scores);
        }

        // The stable order of equal scores is the index's own: source, then offset.
        return [.. Enumerable.Range(0, scores.Length)
            .Where(i => scores[i] > 0 && (accepts is null || accepts(passages[i])))
            .OrderByDescending(i => scores[i])
            .Take(count)
            .Select(i => new ScoredPassage(passages[i], scores[i]))];
    }

    private void AddScores(string term, double[] scores)
    {
        if (!postings.TryGetValue(term, out var found))
        {
            return;
        }

        // Lucene's form, which stays positive for a term that most passages hold.
        var inverseDocumentFrequency = Math.Log(1 + ((passages.Length - found.Count + 0.5) / (found.Count + 0.5)));
        foreach (var posting in found)
        {
            scores[posting.Passage] += inverseDocumentFrequency * posting.Occurrences * (TermSaturation + 1)
                / (posting.Occurrences + saturation[posting.Passage]);
        }
    }

    private void Add(int index, IReadOnlyDictionary<string, int> occurrences)
    {
        foreach (var (term, count) in occurrences)
        {
            if (!postings.TryGetValue(term, out var list))
            {
                postings[term] = list = [];
            }

            list.Add(new Posting(index, count));
        }
    }

    private readonly record struct Posting(int Passage, int Occurrences);
}
