using System.Globalization;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Engine.Knowledge;
using Leanserve.Onnx;
using Leanserve.Server.Generation;
using Leanserve.Server.Knowledge;
using Leanserve.Server.OpenAi;
using Leanserve.Server.Prompts;

namespace Leanserve.Server.Hosting;

/// <summary>A model that is loaded and answers, with its knowledge. Immutable but for the engine and the documents inside.</summary>
public sealed class ServedModel : IAsyncDisposable
{
    /// <summary>Joins what <see cref="ModelLoader"/> has loaded; loader, engine and cache are owned from here on.</summary>
    public ServedModel(
        RuntimeConfig config,
        ModelFolder folder,
        PromptBuilder prompts,
        KnowledgeLoader loader,
        KnowledgeBase knowledge,
        InferenceEngine engine,
        DocumentCache cache)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(knowledge);
        Config = config;
        Folder = folder;
        Prompts = prompts;
        KnowledgeLoader = loader;
        Knowledge = new LiveKnowledge(knowledge, config.Limits.MaxConcurrentRequests + config.Limits.MaxQueuedRequests);
        Engine = engine;
        Cache = cache;
        RequestLimits = new RequestLimits(
            config.Decoding, config.Limits.MaxOutputTokens, folder.Tokenizer.VocabularySize, [.. config.Knowledge.Sources.Select(source => source.Name)], new OutputFormats(folder.Tokenizer));
    }

    public RuntimeConfig Config { get; }

    public ModelFolder Folder { get; }

    public ITokenizer Tokenizer => Folder.Tokenizer;

    /// <summary>Longest prompt and answer together, in tokens.</summary>
    public int ContextTokens => Math.Min(Folder.Geometry.MaxContextTokens, Config.Limits.KvSlots);

    public PromptBuilder Prompts { get; }

    /// <summary>What turns text into vectors; null where no embedding model is served.</summary>
    public IEmbedder? Embedder => KnowledgeLoader.Embedder;

    /// <summary>Reads the documents anew.</summary>
    public KnowledgeLoader KnowledgeLoader { get; }

    /// <summary>The documents that new requests get.</summary>
    public LiveKnowledge Knowledge { get; }

    public InferenceEngine Engine { get; }

    /// <summary>The documents' keys and values in the engine.</summary>
    public DocumentCache Cache { get; }

    /// <summary>What requests are checked against.</summary>
    public RequestLimits RequestLimits { get; }

    /// <summary>A conversation as the engine takes it, with the knowledge in its system turn.</summary>
    public async Task<PreparedRequest> PrepareAsync(ChatRequest request, KnowledgeBase knowledge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(knowledge);
        var question = request.Messages.LastOrDefault(message => message.Role == ChatRole.User)?.Content ?? "";
        var selection = knowledge.Select(request.Parameters.Knowledge);
        var retrieval = await knowledge.RetrieveAsync(question, selection, cancellationToken).ConfigureAwait(false);
        var (start, hasKnowledge) = Start(selection, retrieval);
        return Prepare(request.Parameters, Prompts.Chat(start, hasKnowledge, request.Messages), knowledge.FoldersOf(selection), retrieval);
    }

    /// <summary>A plain prompt as the engine takes it, behind the knowledge.</summary>
    public async Task<PreparedRequest> PrepareAsync(CompletionRequest request, KnowledgeBase knowledge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(knowledge);
        var prompt = request.Tokens ?? Tokenizer.Encode(request.Text ?? "");
        var selection = knowledge.Select(request.Parameters.Knowledge);
        var retrieval = await knowledge.RetrieveAsync(request.Text ?? Tokenizer.Decode(prompt), selection, cancellationToken).ConfigureAwait(false);
        var (start, hasKnowledge) = Start(selection, retrieval);
        return Prepare(request.Parameters, Prompts.Plain(start, hasKnowledge, prompt), knowledge.FoldersOf(selection), retrieval);
    }

    /// <summary>Why prompts over these documents can never run here, or null where they can.</summary>
    public string? Excess(KnowledgeBase knowledge) => Excess(Config, Folder.Geometry, knowledge);

    /// <summary>Why prompts over these documents can never run under this configuration, or null where they can.</summary>
    internal static string? Excess(RuntimeConfig config, ModelGeometry geometry, KnowledgeBase knowledge)
    {
        var tokens = knowledge.Everything.Opening.Count;
        return tokens < Math.Min(geometry.MaxContextTokens, config.Limits.KvSlots) ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The documents take {tokens} tokens, but the model's context is {geometry.MaxContextTokens} and limits.kvSlots is {config.Limits.KvSlots}; use knowledge mode Rag, fewer documents or more slots.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync().ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
        KnowledgeLoader.Dispose();
    }

    private (IReadOnlyList<int> Opening, bool HasKnowledge) Start(KnowledgeSelection selection, Retrieval retrieval)
    {
        var passages = KnowledgeText.OfPassages(retrieval.Passages);
        return passages.Length > 0 ? (Prompts.Opening(passages), true) : (selection.Opening, selection.HasDocuments);
    }

    // An answer whose length is left open takes what the prompt leaves of the context, as in OpenAI's API; a stated length that does not fit is refused.
    private int RemainingTokens(GenerationParameters parameters, int promptTokens)
    {
        var branches = parameters.Beam?.Width ?? parameters.Choices;
        var slots = (Config.Limits.KvSlots - 1 - promptTokens) / branches;
        return Math.Clamp(Math.Min(slots, ContextTokens - promptTokens), 1, Config.Limits.MaxOutputTokens);
    }

    private PreparedRequest Prepare(GenerationParameters parameters, IReadOnlyList<int> prompt, IReadOnlyList<KnowledgeFolder> sources, Retrieval retrieval) => new(
        parameters,
        sources,
        retrieval,
        new GenerationRequest
        {
            PromptTokens = prompt,
            MaxTokens = parameters.MaxTokens ?? RemainingTokens(parameters, prompt.Count),
            Sampling = parameters.Sampling,
            Beam = parameters.Beam,
            Format = parameters.Format,
            StopStrings = parameters.Stop,
            Choices = parameters.Beam is null ? parameters.Choices : 1,
            TopLogProbabilities = parameters.TopLogProbabilities,
        });
}
