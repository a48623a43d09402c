using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Engine.Knowledge.Snapshots;
using Leanserve.Onnx;
using Leanserve.Server.Knowledge;
using Leanserve.Server.Prompts;

namespace Leanserve.Server.Hosting;

/// <summary>Loads the model and its knowledge, and computes the document cache.</summary>
public static partial class ModelLoader
{
    /// <summary>Everything up to the first request.</summary>
    /// <exception cref="StartupException">The model, the documents or the limits do not allow serving.</exception>
    public static async Task<ServedModel> LoadAsync(RuntimeConfig config, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        KnowledgeLoader? loader = null;
        try
        {
            var start = time.GetTimestamp();
            var folder = ModelFolder.Open(config.ModelDirectory);
            // Beside the documents' reading: it goes through all weights.
            var hashing = NeedsHash(config) ? Task.Run(folder.HashContents, cancellationToken) : null;
            var prompts = new PromptBuilder(folder.Tokenizer, FormatOf(folder, logger));
            var embedder = config.EmbeddingModel is { } embedding ? EmbeddingFolder.Open(embedding.ModelDirectory).CreateEmbedder(config.Threads) : null;
            loader = new KnowledgeLoader(config.Knowledge, prompts, folder.Tokenizer, embedder, time, logger);
            var knowledge = await loader.LoadAsync(null, cancellationToken).ConfigureAwait(false);
            KnowledgeLog.Skipped(logger, knowledge);
            RequireRoom(config, folder.Geometry, knowledge);
            string? hash = hashing is null ? null : await hashing.ConfigureAwait(false);
            var weights = hash is null ? null : new PackedWeightFolder(config.Knowledge.SnapshotDirectory!, hash, line => LogWeights(logger, line));
            var engine = CreateEngine(config, folder, weights, time);
            var snapshots = hash is null ? null : new SnapshotFolder(config.Knowledge.SnapshotDirectory!, $"{hash} {engine.SlotFormat}", engine.SlotBytes, time);
            var model = new ServedModel(config, folder, prompts, loader, knowledge, engine, new DocumentCache(engine, snapshots, logger));
            loader = null;
            await PreloadAsync(model, knowledge, cancellationToken).ConfigureAwait(false);
            var tokens = knowledge.Everything.HasDocuments ? knowledge.Everything.Opening.Count : 0;
            LogReady(logger, config.ModelName, config.Knowledge.Mode, tokens, time.GetElapsedTime(start).TotalSeconds);
            return model;
        }
        catch (Exception exception) when (exception is ModelLoadException or RequestRefusedException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(exception.Message.ReplaceLineEndings(" "), exception);
        }
        finally
        {
            // Owned by the model once there is one.
            loader?.Dispose();
        }
    }

    private static InferenceEngine CreateEngine(RuntimeConfig config, ModelFolder folder, PackedWeightFolder? weights, TimeProvider time)
    {
        int rows = config.Limits.MaxConcurrentRequests * (config.Decoding.Mode is DecodingMode.BeamSearch ? config.Decoding.BeamWidth : 1);
        var runner = folder.CreateRunner(new OnnxRunnerOptions
        {
            ExecutionProvider = config.ExecutionProvider,
            Threads = config.Threads,
            KvSlots = config.Limits.KvSlots,
            LargestStepTokens = config.Limits.PrefillChunkTokens + rows + config.Decoding.DraftTokens,
            PackedWeights = weights,
        });
        return new InferenceEngine(runner, folder.Tokenizer, new EngineOptions { Limits = config.Limits, DraftTokens = config.Decoding.DraftTokens }, time);
    }

    private static bool NeedsHash(RuntimeConfig config) => config.Knowledge is { Mode: KnowledgeMode.Cag, SnapshotDirectory: not null };

    private static async Task PreloadAsync(ServedModel model, KnowledgeBase knowledge, CancellationToken cancellationToken)
    {
        try
        {
            await model.Cache.LoadAsync(knowledge, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await model.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Said before the weights are loaded: a corpus larger than the context can never work, however long one waits.
    private static void RequireRoom(RuntimeConfig config, ModelGeometry geometry, KnowledgeBase knowledge)
    {
        if (ServedModel.Excess(config, geometry, knowledge) is { } excess)
        {
            throw new StartupException(excess);
        }
    }

    private static ChatFormat? FormatOf(ModelFolder folder, ILogger logger)
    {
        var format = folder.ChatTemplate is null ? null : ChatFormats.Recognize(folder.ChatTemplate);
        if (folder.ChatTemplate is not null && format is null)
        {
            LogUnknownTemplate(logger, ChatFormats.Supported);
        }

        return format;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model} is ready: knowledge {Knowledge}, {OpeningTokens} tokens of documents in every prompt, {Seconds:0.00} s to load.")]
    private static partial void LogReady(ILogger logger, string model, KnowledgeMode knowledge, int openingTokens, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model's chat template is of no known family ({Supported}): /v1/chat/completions is refused, /v1/completions works.")]
    private static partial void LogUnknownTemplate(ILogger logger, string supported);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Weights: {Reason}")]
    private static partial void LogWeights(ILogger logger, string reason);
}
