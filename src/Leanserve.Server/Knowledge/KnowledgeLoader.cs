using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Engine.Knowledge;
using Leanserve.Server.Prompts;

namespace Leanserve.Server.Knowledge;

/// <summary>Reads the documents and, under RAG, indexes them: at the start, and whenever they change.</summary>
/// <param name="config">Folders and how their documents are used.</param>
/// <param name="prompts">Writes the opening of prompts.</param>
/// <param name="tokenizer">Counts the tokens of passages.</param>
/// <param name="embedder">Embeds passages and questions; null where only words are searched. Owned from here on.</param>
/// <param name="time">Clock of the searches.</param>
/// <param name="logger">Told what was embedded.</param>
public sealed class KnowledgeLoader(
    KnowledgeConfig config, PromptBuilder prompts, ITokenizer tokenizer, IEmbedder? embedder, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly RetrievalMode mode = config.Retrieval ?? (embedder is null ? RetrievalMode.Keyword : RetrievalMode.Hybrid);
    private readonly VectorStore store = VectorStore.Of(config.SnapshotDirectory, embedder, logger);

    /// <summary>What turns text into vectors; null where no embedding model is served.</summary>
    public IEmbedder? Embedder => embedder;

    /// <summary>The documents as they are now.</summary>
    /// <param name="former">The knowledge that this one follows, whose index is taken over where documents did not change; null at the start.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="DirectoryNotFoundException">A folder does not exist.</exception>
    public async Task<KnowledgeBase> LoadAsync(KnowledgeBase? former, CancellationToken cancellationToken)
    {
        var folders = config.Sources.Select(source => KnowledgeFolder.Read(source.Name, source.Directory)).ToList();
        if (config.Mode != KnowledgeMode.Rag)
        {
            return new KnowledgeBase(config, prompts, folders, null, time);
        }

        var splitter = new PassageSplitter(
            text => tokenizer.Encode(text).Count, new PassageOptions(config.PassageTokens, config.PassageOverlapTokens));
        var known = former is null ? store.Read() : new Dictionary<UInt128, float[]>();
        var index = await RetrievalIndex
            .BuildAsync(mode, folders.SelectMany(folder => folder.Documents), splitter, embedder, known, former?.Index, cancellationToken)
            .ConfigureAwait(false);
        if (index.Vectors is { } vectors)
        {
            store.Keep(vectors);
        }

        return new KnowledgeBase(config, prompts, folders, index, time);
    }

    /// <inheritdoc/>
    public void Dispose() => embedder?.Dispose();
}
