namespace Leanserve.Engine.Knowledge;

/// <summary>
/// The passages of all documents with their index. Immutable; the next one takes over what a former one knows of unchanged documents, whose tokens
/// need not be counted again.
/// </summary>
public sealed class PassageIndex
{
    private readonly Dictionary<KnowledgeDocument, AnalyzedPassage[]> documents;
    private readonly Bm25Index index;

    private PassageIndex(Dictionary<KnowledgeDocument, AnalyzedPassage[]> documents, int reused)
    {
        this.documents = documents;
        ReusedDocuments = reused;
        index = Bm25Index.OfAnalyzed(documents.Values.SelectMany(passages => passages));
    }

    /// <summary>Passages in the index.</summary>
    public int Count => index.Count;

    /// <summary>The passages by source and offset: the order of equal scores.</summary>
    internal IReadOnlyList<Passage> Passages => index.Passages;

    /// <summary>Documents taken over from the former index.</summary>
    public int ReusedDocuments { get; }

    /// <param name="documents">All documents, no two of one source.</param>
    /// <param name="splitter">Cuts those that are new or changed.</param>
    /// <param name="former">An index made with the same splitter, or null.</param>
    public static PassageIndex Build(IEnumerable<KnowledgeDocument> documents, PassageSplitter splitter, PassageIndex? former)
    {
        var all = new Dictionary<KnowledgeDocument, AnalyzedPassage[]>();
        var reused = 0;
        foreach (var document in documents)
        {
            if (former is not null && former.documents.TryGetValue(document, out var known))
            {
                all[document] = known;
                reused++;
            }
            else
            {
                all[document] = [.. splitter.Split(document).Select(AnalyzedPassage.Of)];
            }
        }

        return new PassageIndex(all, reused);
    }

    /// <summary>See <see cref="Bm25Index.Search"/>.</summary>
    public IReadOnlyList<ScoredPassage> Search(string query, int count, Func<Passage, bool>? accepts = null) => index.Search(query, count, accepts);
}
