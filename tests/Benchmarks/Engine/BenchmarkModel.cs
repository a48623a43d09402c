using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx;
using Leanserve.Onnx.Writing;

namespace Leanserve.Benchmarks.Engine;

/// <summary>
/// The model of the engine's benchmarks. On the processor model A: 12 layers, hidden 768, 12 heads over 4, feed-forward 2048, vocabulary 32,000. On a GPU the
/// layers of Llama 3.2 3B under the same vocabulary.
/// </summary>
internal static class BenchmarkModel
{
    public const int PrefixTokens = 2048;

    private static readonly bool IsLarge = Hardware.Provider is ExecutionProvider.Cuda;

    private static readonly DecoderSpec Spec = new()
    {
        Geometry = new ModelGeometry
        {
            Parameters = 0,
            Layers = IsLarge ? 28 : 12,
            HiddenSize = IsLarge ? 3072 : 768,
            AttentionHeads = IsLarge ? 24 : 12,
            KeyValueHeads = IsLarge ? 8 : 4,
            HeadSize = IsLarge ? 128 : 64,
            IntermediateSize = IsLarge ? 8192 : 2048,
            VocabularySize = 32_000,
            MaxContextTokens = 8192,
        },
    };

    /// <summary>Weights as they are trained or exported for the hardware.</summary>
    public static readonly WeightPrecision Full = Hardware.Provider is ExecutionProvider.Cuda ? WeightPrecision.Float16 : WeightPrecision.Float32;

    /// <summary>The precisions that benchmarks compare in.</summary>
    public static IReadOnlyList<WeightPrecision> Precisions { get; } = [Full, WeightPrecision.Int4];

    /// <summary>A prefix that all streams share.</summary>
    public static int[] Prefix { get; } = [.. Enumerable.Range(0, PrefixTokens).Select(i => (i * 7919) % 31_000)];

    /// <summary>Written once, under the system's folder for temporary files.</summary>
    public static ModelFolder Open(WeightPrecision precision) => Open(precision, Spec.Geometry);

    /// <summary>The model; its first quarter of layers, which tells what a layer takes; and on a GPU four layers of Llama 3 70B, whose weights take it longer to read than the host to launch.</summary>
    public static IEnumerable<(string Name, ModelFolder Folder)> Variants(WeightPrecision precision)
    {
        var geometry = Spec.Geometry;
        yield return ($"{geometry.Layers} layers", Open(precision));
        yield return ($"{geometry.Layers / 4} layers", Open(precision, geometry with { Layers = geometry.Layers / 4 }));
        if (IsLarge)
        {
            yield return ("4 layers of 70B", Open(precision, geometry with { Layers = 4, HiddenSize = 8192, AttentionHeads = 64, IntermediateSize = 28_672 }));
        }
    }

    private static ModelFolder Open(WeightPrecision precision, ModelGeometry geometry)
    {
        var spec = Spec with { Precision = precision, HasHalfActivations = IsLarge, Geometry = geometry };
        string directory = Path.Combine(Path.GetTempPath(), "leanserve-bench", $"model-{geometry.Layers}x{geometry.HiddenSize}-{precision}");
        if (!File.Exists(Path.Combine(directory, "tokenizer.json")))
        {
            ModelWriter.Write(directory, spec, new RandomWeights(1), TokenizerSpec.OfSyllables(geometry.VocabularySize));
        }

        return ModelFolder.Open(directory);
    }

    public static OnnxRunnerOptions Options(int slots) => new() { KvSlots = slots, Threads = Hardware.Threads, ExecutionProvider = Hardware.Provider };

    public static InferenceEngine Engine(WeightPrecision precision, int slots, int concurrent, bool reuse = true)
    {
        var folder = Open(precision);
        var limits = new EngineLimits { KvSlots = slots, MaxConcurrentRequests = concurrent, MaxOutputTokens = 1024 };
        return new InferenceEngine(folder.CreateRunner(Options(slots)), folder.Tokenizer, new EngineOptions { Limits = limits, ReusePrefixes = reuse }, TimeProvider.System);
    }

    public static GenerationRequest Request(int stream, int tokens) => new()
    {
        PromptTokens = [.. Prefix, stream, stream + 1],
        MaxTokens = tokens,
        StopTokens = new HashSet<int>(),
        Sampling = new SamplingOptions { Temperature = 0 },
    };
}
