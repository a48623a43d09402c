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
    {
        this.passages = [.. passages.OrderBy(passage => passage.Source, StringComparer.Ordinal).ThenBy(passage => passage.Offset)];
        var lengths = new int[this.passages.Length];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = Add(i);
        }

        var average = Math.Max(1.0, lengths.DefaultIfEmpty().Average());
        saturation = [.. lengths.Select(length => TermSaturation * (1 - LengthNormalization + (LengthNormalization * length / average)))];
    }

    /// <summary>Passages in the index.</summary>
    public int Count => passages.Length;

    /// <summary>
    /// The best passages for a query, best first; ties go by source and offset, so that the same query always gives the same prompt. Passages that share no
    /// term with the query are left out, so there may be fewer than <paramref name="count"/>, or none.
    /// </summary>
    public IReadOnlyList<ScoredPassage> Search(string query, int count)
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
            .Where(i => scores[i] > 0)
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

    private int Add(int index)
    {
        var length = 0;
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var term in SearchTerms.Of($"{passages[index].Heading}\n{passages[index].Text}"))
        {
            occurrences[term] = occurrences.GetValueOrDefault(term) + 1;
            length++;
        }

        foreach (var (term, count) in occurrences)
        {
            if (!postings.TryGetValue(term, out var list))
            {
                postings[term] = list = [];
            }

            list.Add(new Posting(index, count));
        }

        return length;
    }

    private readonly record struct Posting(int Passage, int Occurrences);
}
