using System.Collections.Concurrent;
using System.Text;
using Leanserve.Contracts;
using Leanserve.Engine;
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
    private readonly PassageIndex? index;
    private readonly int retrievedPassages;
    private readonly ConcurrentDictionary<string, KnowledgeSelection> selections = new(StringComparer.Ordinal);

    private KnowledgeBase(KnowledgeConfig config, PromptBuilder prompts, IReadOnlyList<KnowledgeFolder> folders, PassageIndex? index, TimeProvider time)
    {
        this.prompts = prompts;
        this.time = time;
        this.index = index;
        Mode = config.Mode;
        retrievedPassages = config.RetrievedPassages;
        Folders = folders;
        Everything = Create([.. folders.Select(folder => folder.Name)]);
    }

    public KnowledgeMode Mode { get; }

    public IReadOnlyList<KnowledgeFolder> Folders { get; }

    /// <summary>All sources: what a request gets that names none.</summary>
    public KnowledgeSelection Everything { get; }

    /// <summary>Passages in the index; 0 without one.</summary>
    public int Passages => index?.Count ?? 0;

    /// <summary>Documents that were taken over from the former index, 0 without one.</summary>
    public int ReusedDocuments => index?.ReusedDocuments ?? 0;

    /// <summary>Changes exactly when a document of some source does.</summary>
    public string ContentHash => KnowledgeHash.Compute(Folders.Select(folder => (folder.Name, (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(folder.ContentHash))));

    /// <summary>Reads the folders and, under RAG, indexes them.</summary>
    /// <param name="config">Folders and how their documents are used.</param>
    /// <param name="prompts">Writes the opening of prompts.</param>
    /// <param name="tokenizer">Counts the tokens of passages.</param>
    /// <param name="time">Clock of the searches.</param>
    /// <param name="former">The knowledge that this one follows, whose index is taken over where documents did not change.</param>
    /// <exception cref="DirectoryNotFoundException">A folder does not exist.</exception>
    public static KnowledgeBase Load(KnowledgeConfig config, PromptBuilder prompts, ITokenizer tokenizer, TimeProvider time, KnowledgeBase? former = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var folders = config.Sources.Select(source => KnowledgeFolder.Read(source.Name, source.Directory)).ToList();
        if (config.Mode != KnowledgeMode.Rag)
        {
            return new KnowledgeBase(config, prompts, folders, null, time);
        }

        var splitter = new PassageSplitter(
            text => tokenizer.Encode(text).Count, new PassageOptions(config.PassageTokens, config.PassageOverlapTokens));
        var index = PassageIndex.Build(folders.SelectMany(folder => folder.Documents), splitter, former?.index);
        return new KnowledgeBase(config, prompts, folders, index, time);
    }

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

    /// <summary>The passages for a question, best first; none without an index.</summary>
    public Retrieval Retrieve(string question, KnowledgeSelection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (index is null || selection.Sources.Count == 0)
        {
            return Retrieval.None;
        }

        var start = time.GetTimestamp();
        Func<Passage, bool>? accepts = selection.Sources.Count == Folders.Count
            ? null
            : passage => selection.Sources.Contains(passage.Source[..passage.Source.IndexOf('/', StringComparison.Ordinal)]);
        var found = index.Search(question, retrievedPassages, accepts);
        return new Retrieval(found, time.GetElapsedTime(start));
    }

    private KnowledgeSelection Create(IReadOnlyList<string> sources)
    {
        var documents = Folders.Where(folder => sources.Contains(folder.Name)).SelectMany(folder => folder.Documents);
        var text = Mode == KnowledgeMode.Rag ? "" : KnowledgeText.OfDocuments(documents);
        return new KnowledgeSelection(sources, text, prompts.Opening(text));
    }
}
