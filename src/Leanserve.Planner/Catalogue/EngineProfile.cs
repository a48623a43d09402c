using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>
/// How well one engine uses the hardware: at most eight fitted or measured numbers, each with a physical meaning, beside what is known of its design.
/// </summary>
public sealed record EngineProfile
{
    public required string Name { get; init; }

    /// <summary>Where the numbers come from: hardware, method, date.</summary>
    public required string Provenance { get; init; }

    /// <summary>Share of the dense arithmetic rate that large matrix products reach.</summary>
    public required double ComputeEfficiency { get; init; }

    /// <summary>Share of the bandwidth that reading weights reaches.</summary>
    public required double BandwidthEfficiency { get; init; }

    /// <summary>Share of the arithmetic rate that attention over cached tokens reaches.</summary>
    public required double AttentionEfficiency { get; init; }

    /// <summary>Share of the bandwidth that reading the KV cache reaches.</summary>
    public required double KvBandwidthEfficiency { get; init; }

    /// <summary>Host time of one step that no roofline explains: scheduling, launching, synchronising.</summary>
    public required double SecondsPerStep { get; init; }

    /// <summary>Host time for each layer of a step whose kernels are launched one by one; hidden where the device takes longer.</summary>
    public double LaunchSecondsPerLayer { get; init; }

    /// <summary>True where steps of next tokens alone are launched as a whole, as a recorded graph, so that only prompts take <see cref="LaunchSecondsPerLayer"/>.</summary>
    public bool ReplaysSteps { get; init; }

    /// <summary>Host time of one step for each answer in it: detokenising, streaming.</summary>
    public required double SecondsPerSequence { get; init; }

    /// <summary>Host time of one step for each row of logits in it, of an answer, a beam or a draft: fetching them, sampling.</summary>
    public double SecondsPerRow { get; init; }

    /// <summary>Time of a request before its first step: HTTP, tokenising, scheduling.</summary>
    public required double SecondsPerRequest { get; init; }

    /// <summary>Share of the bandwidth efficiency left when weights must be dequantised on the way.</summary>
    public double QuantizedBandwidthFactor { get; init; } = 1;

    /// <summary>Arithmetic rate of products with quantised weights, as a multiple of that with full ones: above 1 where integers are multiplied.</summary>
    public double QuantizedComputeFactor { get; init; } = 1;

    /// <summary>
    /// Share of the dense arithmetic rate of products with quantised weights where they are made token by token, as ONNX Runtime's 4-bit kernels on GPUs do until it takes less to
    /// write the weights out in full and multiply by those; 0 where a step's tokens are multiplied together.
    /// </summary>
    public double QuantizedTokenEfficiency { get; init; }

    /// <summary>Sequences that the engine decodes side by side by default.</summary>
    public int MaxSequences { get; init; } = 256;

    /// <summary>Tokens of a prompt that one step computes by default.</summary>
    public double ChunkTokens { get; init; } = 8192;

    /// <summary>True where a step computes prompts and next tokens together; false where a prompt's step makes the other sequences wait.</summary>
    public bool MixesPrompts { get; init; }

    /// <summary>
    /// True where preparing a request takes what runs the steps, so that each holds up all others for <see cref="SecondsPerRequest"/>: the cores of a processor, or the loop of an
    /// engine in its client's process.
    /// </summary>
    public bool HoldsUpOthers { get; init; }

    /// <summary>Share of an answer's slots that counts when requests are admitted: 1 where its whole length is reserved, less where a paged cache takes slots as they are written.</summary>
    public double AnswerShareReserved { get; init; } = 1;

    /// <summary>
    /// True where the units that multiply also unpack quantised weights, as on a CPU, so that a step takes the sum of both; else reading overlaps arithmetic, as that of full
    /// weights does everywhere.
    /// </summary>
    public bool UnpacksWeights { get; init; }

    /// <summary>True where a prefix shared by several requests is stored and read once per step.</summary>
    public bool SharedPrefix { get; init; }

    /// <summary>True where every token's scores run over all slots in use, the other requests' masked out; false where attention follows the token's own path.</summary>
    public bool MasksOthers { get; init; }

    /// <summary>Bytes that attention holds for each of a step's scores, all heads at once; 0 where it goes tile by tile.</summary>
    public double BytesPerScore { get; init; }

    /// <summary>Bytes that the process takes beside weights and KV: runtime, context, arena.</summary>
    public long RuntimeBytes { get; init; }

    /// <summary>Copies of a step's activations that the runtime's arena holds.</summary>
    public double ActivationCopies { get; init; } = 1;

    /// <summary>Precisions that the engine runs.</summary>
    public IReadOnlyList<WeightPrecision> Precisions { get; init; } = [];

    /// <summary>Bytes of one element of the KV cache and of activations.</summary>
    public int KvBytesPerElement { get; init; } = 2;
}
