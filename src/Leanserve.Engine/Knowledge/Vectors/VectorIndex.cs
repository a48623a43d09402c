using System.Numerics.Tensors;

namespace Leanserve.Engine.Knowledge;

/// <summary>
/// Passages by the direction of their vectors, compared one by one: exact, and enough for a team's documents (100,000 passages of 384 numbers are
/// 154 MB, read once a question). Immutable.
/// </summary>
public sealed class VectorIndex
{
    private readonly Passage[] passages;
    private readonly float[][] vectors;

    private VectorIndex(Passage[] passages, float[][] vectors, IReadOnlyDictionary<UInt128, float[]> known)
    {
        this.passages = passages;
        this.vectors = vectors;
        Known = known;
    }

    /// <summary>The vectors by their text's key: what the next index, or a file, takes over.</summary>
    public IReadOnlyDictionary<UInt128, float[]> Known { get; }

    /// <summary>Texts that were embedded for this index; the others' vectors were known.</summary>
    public int Embedded { get; private init; }

    /// <summary>Passages longer than the model reads; only their beginning is found by meaning.</summary>
    public int Truncated { get; private init; }

    /// <summary>Embeds the passages whose text has no known vector.</summary>
    /// <param name="passages">In the order in which equal scores are ranked.</param>
    /// <param name="embedder">The model.</param>
    /// <param name="known">Vectors of the same model by their text's key.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<VectorIndex> BuildAsync(
        IEnumerable<Passage> passages, IEmbedder embedder, IReadOnlyDictionary<UInt128, float[]> known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(known);
        Passage[] all = [.. passages];
        var vectors = new float[all.Length][];
        var used = new Dictionary<UInt128, float[]>();
        var (embedded, truncated) = (0, 0);
        for (var i = 0; i < all.Length; i++)
        {
            var text = VectorKey.TextOf(all[i]);
            var key = VectorKey.Of(text);
            if (!used.TryGetValue(key, out var vector) && !known.TryGetValue(key, out vector))
            {
                var tokens = embedder.Tokenize(text, EmbeddingUse.Document);
                truncated += tokens.Count > embedder.MaxTokens ? 1 : 0;
                vector = await embedder.EmbedAsync([.. tokens.Take(embedder.MaxTokens)], cancellationToken).ConfigureAwait(false);
                embedded++;
            }

            used[key] = vectors[i] = vector;
        }

        return new VectorIndex(all, vectors, used) { Embedded = embedded, Truncated = truncated };
    }

    /// <summary>The passages closest to a question, best first, scored by cosine; ties keep the order of the passages.</summary>
    /// <param name="query">[Dimensions] of length 1.</param>
    /// <param name="count">Most passages to return.</param>
    /// <param name="accepts">Which passages count; null takes all.</param>
    public IReadOnlyList<ScoredPassage> Search(ReadOnlySpan<float> query, int count, Func<Passage, bool>? accepts = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var best = new PriorityQueue<int, (float Score, int Earliness)>();
        for (var i = 0; i < passages.Length; i++)
        {
            if (accepts is not null && !accepts(passages[i]))
            {
                continue;
            }

            best.Enqueue(i, (TensorPrimitives.Dot(query, vectors[i]), -i));
            if (best.Count > count)
            {
                best.Dequeue();
            }
        }

        var found = new ScoredPassage[best.Count];
        for (var place = found.Length - 1; best.TryDequeue(out var i, out var rank); place--)
        {
            found[place] = new ScoredPassage(passages[i], rank.Score);
        }

        return found;
    }
}
