using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx;
using Leanserve.Onnx.Writing;

namespace Leanserve.Benchmarks.Engine;

/// <summary>The model of the engine's benchmarks: 12 layers, hidden 768, 12 heads over 4, feed-forward 2048, vocabulary 32,000.</summary>
internal static class ModelA
{
    public const int PrefixTokens = 2048;

    private static readonly DecoderSpec Spec = new()
    {
        Geometry = new ModelGeometry
        {
            Parameters = 0,
            Layers = 12,
            HiddenSize = 768,
            AttentionHeads = 12,
            KeyValueHeads = 4,
            HeadSize = 64,
            IntermediateSize = 2048,
            VocabularySize = 32_000,
            MaxContextTokens = 8192,
        },
    };

    /// <summary>A prefix that all streams share.</summary>
    public static int[] Prefix { get; } = [.. Enumerable.Range(0, PrefixTokens).Select(i => (i * 7919) % 31_000)];

    /// <summary>Written once, under the system's folder for temporary files.</summary>
    public static ModelFolder Open(WeightPrecision precision)
    {
        string directory = Path.Combine(Path.GetTempPath(), "leanserve-bench", $"model-a-{precision}");
        if (!File.Exists(Path.Combine(directory, "tokenizer.json")))
        {
            ModelWriter.Write(directory, Spec with { Precision = precision }, new RandomWeights(1), TokenizerSpec.OfSyllables(Spec.Geometry.VocabularySize));
        }

        return ModelFolder.Open(directory);
    }

    public static InferenceEngine Engine(WeightPrecision precision, int slots, int concurrent, bool reuse = true)
    {
        var folder = Open(precision);
        var runner = folder.CreateRunner(new OnnxRunnerOptions { KvSlots = slots, Threads = Hardware.Threads });
        var limits = new EngineLimits { KvSlots = slots, MaxConcurrentRequests = concurrent, MaxOutputTokens = 1024 };
        return new InferenceEngine(runner, folder.Tokenizer, new EngineOptions { Limits = limits, ReusePrefixes = reuse }, TimeProvider.System);
    }

    public static GenerationRequest Request(int stream, int tokens) => new()
    {
        PromptTokens = [.. Prefix, stream, stream + 1],
        MaxTokens = tokens,
        StopTokens = new HashSet<int>(),
        Sampling = new SamplingOptions { Temperature = 0 },
    };
}
