using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Engine.Knowledge;
using Leanserve.Server.Prompts;

namespace Leanserve.Server.Knowledge;

/// <summary>The documents of one deployment and how they reach prompts. Immutable: changed documents come with a new pod.</summary>
public sealed class KnowledgeBase
{
    private readonly TimeProvider time;
    private readonly Bm25Index? index;
    private readonly int retrievedPassages;

    private KnowledgeBase(KnowledgeConfig config, IReadOnlyList<KnowledgeFolder> folders, Bm25Index? index, TimeProvider time)
    {
        this.time = time;
        this.index = index;
        Mode = config.Mode;
        retrievedPassages = config.RetrievedPassages;
        Folders = folders;
        Documents = index is null ? KnowledgeText.OfDocuments(folders.SelectMany(folder => folder.Documents)) : "";
    }

    public KnowledgeMode Mode { get; }

    public IReadOnlyList<KnowledgeFolder> Folders { get; }

    /// <summary>The text that stands in every prompt alike: all documents under Dense and CAG, empty under RAG.</summary>
    public string Documents { get; }

    /// <summary>Passages in the index; 0 without one.</summary>
    public int Passages => index?.Count ?? 0;

    /// <summary>Reads the folders and, under RAG, indexes them.</summary>
    /// <exception cref="DirectoryNotFoundException">A folder does not exist.</exception>
    public static KnowledgeBase Load(KnowledgeConfig config, ITokenizer tokenizer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(config);
        var folders = config.Sources.Select(source => KnowledgeFolder.Read(source.Name, source.Directory)).ToList();
        if (config.Mode != KnowledgeMode.Rag)
        {
            return new KnowledgeBase(config, folders, null, time);
        }

        var splitter = new PassageSplitter(
            text => tokenizer.Encode(text).Count, new PassageOptions(config.PassageTokens, config.PassageOverlapTokens));
        var passages = folders.SelectMany(folder => folder.Documents).SelectMany(splitter.Split);
        return new KnowledgeBase(config, folders, new Bm25Index(passages), time);
    }

    /// <summary>The passages for a question, best first; none without an index.</summary>
    public Retrieval Retrieve(string question)
    {
        if (index is null)
        {
            return Retrieval.None;
        }

        var start = time.GetTimestamp();
        var found = index.Search(question, retrievedPassages);
        return new Retrieval(found, time.GetElapsedTime(start));
    }
}
