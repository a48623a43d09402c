using System.Collections.Concurrent;
using System.Text;
using Leanserve.Contracts;
using Leanserve.Engine.Knowledge;
using Leanserve.Server.Prompts;

namespace Leanserve.Server.Knowledge;

/// <summary>
/// The documents of one deployment as they were at one moment, and how they reach prompts. Immutable: changed documents make another one, which takes
/// the place of this one in <see cref="LiveKnowledge"/>.
/// </summary>
public sealed class KnowledgeBase
{
    // Each holds its tokens; clients could ask for thousands of combinations.
    private const int MaxRememberedSelections = 64;

    private readonly PromptBuilder prompts;
    private readonly TimeProvider time;
    private readonly int retrievedPassages;
    private readonly ConcurrentDictionary<string, KnowledgeSelection> selections = new(StringComparer.Ordinal);

    internal KnowledgeBase(KnowledgeConfig config, PromptBuilder prompts, IReadOnlyList<KnowledgeFolder> folders, RetrievalIndex? index, TimeProvider time)
    {
        this.prompts = prompts;
        this.time = time;
        Mode = config.Mode;
        retrievedPassages = config.RetrievedPassages;
        Folders = folders;
        Index = index;
        Everything = Create([.. folders.Select(folder => folder.Name)]);
    }

    public KnowledgeMode Mode { get; }

    public IReadOnlyList<KnowledgeFolder> Folders { get; }

    /// <summary>All sources: what a request gets that names none.</summary>
    public KnowledgeSelection Everything { get; }

    /// <summary>Passages in the index; 0 without one.</summary>
    public int Passages => Index?.Count ?? 0;

    /// <summary>Documents that were taken over from the former index, 0 without one.</summary>
    public int ReusedDocuments => Index?.ReusedDocuments ?? 0;

    /// <summary>What <see cref="RetrieveAsync"/> searches; null but under RAG.</summary>
    internal RetrievalIndex? Index { get; }

    /// <summary>Changes exactly when a document of some source does.</summary>
    public string ContentHash => KnowledgeHash.Compute(Folders.Select(folder => (folder.Name, (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(folder.ContentHash))));

    /// <summary>The named sources; null takes all, an empty list none. Unknown names are left out.</summary>
    public KnowledgeSelection Select(IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return Everything;
        }

        List<string> sources = [.. Everything.Sources.Where(names.Contains)];
        var key = string.Join('\n', sources);
        if (selections.TryGetValue(key, out var known))
        {
            return known;
        }

        var selection = sources.Count == Everything.Sources.Count ? Everything : Create(sources);
        return selections.Count < MaxRememberedSelections ? selections.GetOrAdd(key, selection) : selection;
    }

    /// <summary>The folders behind a selection.</summary>
    public IReadOnlyList<KnowledgeFolder> FoldersOf(KnowledgeSelection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return ReferenceEquals(selection, Everything) ? Folders : [.. Folders.Where(folder => selection.Sources.Contains(folder.Name))];
    }

    /// <summary>The passages for a question, best first; none without an index.</summary>
    public async Task<Retrieval> RetrieveAsync(string question, KnowledgeSelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (Index is null || selection.Sources.Count == 0)
        {
            return Retrieval.None;
        }

        var (began, start) = (time.GetUtcNow(), time.GetTimestamp());
        Func<Passage, bool>? accepts = selection.Sources.Count == Folders.Count
            ? null
            : passage => selection.Sources.Contains(passage.Source[..passage.Source.IndexOf('/', StringComparison.Ordinal)]);
        var found = await Index.SearchAsync(question, retrievedPassages, accepts, cancellationToken).ConfigureAwait(false);
        return new Retrieval(found, began, time.GetElapsedTime(start));
    }

    private KnowledgeSelection Create(IReadOnlyList<string> sources)
    {
        var documents = Folders.Where(folder => sources.Contains(folder.Name)).SelectMany(folder => folder.Documents);
        var text = Mode == KnowledgeMode.Rag ? "" : KnowledgeText.OfDocuments(documents);
        return new KnowledgeSelection(sources, text, prompts.Opening(text));
    }
}
