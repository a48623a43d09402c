using Leanserve.Contracts;

namespace Leanserve.Engine.Knowledge;

/// <summary>What retrieval searches: words, meanings, or both. Immutable.</summary>
public sealed class RetrievalIndex
{
    // Ranks this far down still count towards the fused score; deeper ones hardly move it.
    private const int FusedDepth = 50;

    private readonly PassageIndex words;
    private readonly VectorIndex? meanings;
    private readonly IEmbedder? embedder;
    private readonly RetrievalMode mode;

    private RetrievalIndex(RetrievalMode mode, PassageIndex words, VectorIndex? meanings, IEmbedder? embedder)
    {
        this.mode = mode;
        this.words = words;
        this.meanings = meanings;
        this.embedder = embedder;
    }

    /// <summary>Passages in the index.</summary>
    public int Count => words.Count;

    /// <summary>Documents taken over from the former index.</summary>
    public int ReusedDocuments => words.ReusedDocuments;

    /// <summary>The vectors; null where only words are searched.</summary>
    public VectorIndex? Vectors => meanings;

    /// <param name="mode">What is searched; anything but words needs an embedder.</param>
    /// <param name="documents">All documents, no two of one source.</param>
    /// <param name="splitter">Cuts those that are new or changed.</param>
    /// <param name="embedder">Embeds those passages that are new or changed; null where only words are searched.</param>
    /// <param name="known">Vectors that need not be computed again.</param>
    /// <param name="former">An index made with the same splitter and embedder, or null.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<RetrievalIndex> BuildAsync(
        RetrievalMode mode,
        IEnumerable<KnowledgeDocument> documents,
        PassageSplitter splitter,
        IEmbedder? embedder,
        IReadOnlyDictionary<UInt128, float[]> known,
        RetrievalIndex? former,
        CancellationToken cancellationToken)
    {
        var words = PassageIndex.Build(documents, splitter, former?.words);
        if (mode == RetrievalMode.Keyword)
        {
            return new RetrievalIndex(mode, words, null, null);
        }

        ArgumentNullException.ThrowIfNull(embedder);
        var vectors = await VectorIndex.BuildAsync(words.Passages, embedder, former?.meanings?.Known ?? known, cancellationToken).ConfigureAwait(false);
        return new RetrievalIndex(mode, words, vectors, embedder);
    }

    /// <summary>The best passages, best first: scored by BM25, by cosine, or by reciprocal rank fusion of the two.</summary>
    /// <remarks>Words find nothing where none is shared; meanings always find the closest passages, however far.</remarks>
    public async Task<IReadOnlyList<ScoredPassage>> SearchAsync(string query, int count, Func<Passage, bool>? accepts, CancellationToken cancellationToken)
    {
        if (meanings is null || embedder is null)
        {
            return words.Search(query, count, accepts);
        }

        var tokens = embedder.Tokenize(query, EmbeddingUse.Query);
        var vector = await embedder.EmbedAsync([.. tokens.Take(embedder.MaxTokens)], cancellationToken).ConfigureAwait(false);
        if (mode == RetrievalMode.Vector)
        {
            return meanings.Search(vector, count, accepts);
        }

        var depth = Math.Max(count, FusedDepth);
        return RankFusion.Fuse([words.Search(query, depth, accepts), meanings.Search(vector, depth, accepts)], count);
    }
}
