using System.Collections.Concurrent;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>Random models small enough for property tests, written once a process.</summary>
internal static class TinyModel
{
    private static readonly ConcurrentDictionary<(DecoderSpec, ulong), Lazy<string>> Folders = new();

    public const int VocabularySize = 288;

    public static DecoderSpec MultiHead { get; } = Spec(heads: 4, keyValueHeads: 4);

    public static DecoderSpec GroupedQuery { get; } = Spec(heads: 4, keyValueHeads: 2);

    public static DecoderSpec PartialRotaryTied { get; } =
        Spec(heads: 6, keyValueHeads: 1, headSize: 32) with { PartialRotaryFactor = 0.5, TieEmbeddings = true, RopeTheta = 500_000 };

    public static DecoderSpec Int4 { get; } = Spec(heads: 4, keyValueHeads: 2) with { Precision = WeightPrecision.Int4 };

    public static DecoderSpec Half { get; } = Spec(heads: 4, keyValueHeads: 2) with { Precision = WeightPrecision.Float16 };

    public static DecoderSpec HalfInt4 { get; } = Int4 with { HasHalfActivations = true };

    public static IReadOnlyList<DecoderSpec> FloatSpecs { get; } = [MultiHead, GroupedQuery, PartialRotaryTied];

    public static IReadOnlyList<DecoderSpec> AllSpecs { get; } = [.. FloatSpecs, Int4];

    public static DecoderSpec Spec(int heads, int keyValueHeads, int headSize = 16) => new()
    {
        Geometry = new ModelGeometry
        {
            Parameters = 0,
            Layers = 2,
            HiddenSize = 64,
            AttentionHeads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = headSize,
            IntermediateSize = 96,
            VocabularySize = VocabularySize,
            MaxContextTokens = 512,
        },
    };

    public static ModelFolder Open(DecoderSpec spec, ulong seed = 1)
    {
        string directory = Folders.GetOrAdd((spec, seed), key => new Lazy<string>(() => Write(key.Item1, key.Item2))).Value;
        return ModelFolder.Open(directory);
    }

    public static IModelRunner Runner(DecoderSpec spec, ulong seed = 1, int slots = 1024, bool modelAttention = false) =>
        Open(spec, seed).CreateRunner(new OnnxRunnerOptions { KvSlots = slots, Threads = 1, UseModelAttention = modelAttention });

    public static InferenceEngine Engine(DecoderSpec spec, ulong seed = 1, int slots = 1024, int chunk = 32, bool reuse = true, int concurrent = 8, int drafts = 0)
        => Engine(Runner(spec, seed, slots), spec, slots, chunk, reuse, concurrent, drafts);

    /// <summary>An engine on a given runner of the model, which it owns.</summary>
    public static InferenceEngine Engine(
        IModelRunner runner, DecoderSpec spec, int slots = 1024, int chunk = 32, bool reuse = true, int concurrent = 8, int drafts = 0)
    {
        var options = new EngineOptions
        {
            Limits = new EngineLimits { KvSlots = slots, MaxConcurrentRequests = concurrent, PrefillChunkTokens = chunk, MaxOutputTokens = 256 },
            ReusePrefixes = reuse,
            DraftTokens = drafts,
        };
        return new InferenceEngine(runner, Open(spec).Tokenizer, options, TimeProvider.System);
    }

    public static string NewFolder()
    {
        string path = Path.Combine(Path.GetTempPath(), "leanserve-tests", Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(path, recursive: true);
        return path;
    }

    private static string Write(DecoderSpec spec, ulong seed)
    {
        string path = NewFolder();
        ModelWriter.Write(path, spec, new RandomWeights(seed), new TokenizerSpec());
        return path;
    }
}
