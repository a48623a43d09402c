using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>
/// Seconds of one forward pass by the roofline: reading weights, arithmetic, attention over cached tokens, and the host's own time.
/// </summary>
/// <remarks>
/// Tokens and sequences are doubles because averages over a load are computed with the same functions. Where reading overlaps arithmetic, the two sides of
/// the weights' roofline are joined by a root of squares, because a step that is near both bounds reaches neither; else they add up.
/// </remarks>
public sealed class ForwardCost
{
    private const double WriteAndRead = 2;
    private readonly double weightReadSeconds;
    private readonly double quantizedSecondsPerToken;
    private readonly double writtenOutSeconds;
    private readonly double secondsPerToken;
    private readonly double headSecondsPerToken;
    private readonly double attentionSecondsPerTokenSlot;
    private readonly double readSecondsPerSlot;
    private readonly double hostSeconds;
    private readonly double promptLaunchSeconds;
    private readonly double launchSeconds;
    private readonly double secondsPerSequence;
    private readonly double secondsPerRow;
    private readonly bool overlaps;
    private readonly CostVariation variation;

    /// <param name="geometry">The model.</param>
    /// <param name="precision">How its weights are stored.</param>
    /// <param name="bandwidth">Bytes a second of the replica's accelerator or node.</param>
    /// <param name="flops">Operations a second of the replica's accelerator or node.</param>
    /// <param name="profile">The engine.</param>
    /// <param name="variation">What an alternative technique changes about reading and arithmetic; null changes nothing.</param>
    public ForwardCost(ModelGeometry geometry, WeightPrecision precision, double bandwidth, double flops, EngineProfile profile, CostVariation? variation = null)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(profile);
        this.variation = variation ?? CostVariation.None;
        var matrixWeights = ModelShape.MatrixWeights(geometry);
        var quantized = precision is WeightPrecision.Int4 or WeightPrecision.Int8;
        var readEfficiency = profile.BandwidthEfficiency * (quantized ? profile.QuantizedBandwidthFactor : 1);
        weightReadSeconds = matrixWeights * StoredBytes(precision, profile) / (bandwidth * readEfficiency);
        writtenOutSeconds = weightReadSeconds;
        if (quantized && profile.QuantizedTokenEfficiency > 0)
        {
            quantizedSecondsPerToken = 2 * matrixWeights / (flops * profile.QuantizedTokenEfficiency);
            writtenOutSeconds += WriteAndRead * matrixWeights * profile.KvBytesPerElement / (bandwidth * profile.BandwidthEfficiency);
        }

        var rate = flops * profile.ComputeEfficiency * (quantized ? profile.QuantizedComputeFactor : 1);
        secondsPerToken = 2.0 * matrixWeights * this.variation.Arithmetic / rate;
        headSecondsPerToken = 2.0 * ModelShape.HeadWeights(geometry) / rate;
        attentionSecondsPerTokenSlot = 4.0 * geometry.Layers * geometry.AttentionHeads * geometry.HeadSize / (flops * profile.AttentionEfficiency);
        readSecondsPerSlot = KvCacheMemory.BytesPerToken(geometry, profile.KvBytesPerElement) / (bandwidth * profile.KvBandwidthEfficiency);
        hostSeconds = profile.SecondsPerStep;
        promptLaunchSeconds = geometry.Layers * profile.LaunchSecondsPerLayer;
        launchSeconds = profile.ReplaysSteps ? 0 : promptLaunchSeconds;
        secondsPerSequence = profile.SecondsPerSequence;
        secondsPerRow = profile.SecondsPerRow;
        overlaps = !(quantized && profile.UnpacksWeights);
    }

    /// <summary>Seconds of a step that computes prompt tokens and next tokens together.</summary>
    /// <param name="promptTokens">New tokens of prompts, which need no output head but for a last one.</param>
    /// <param name="nextTokens">New tokens of answers, all sequences together.</param>
    /// <param name="sequences">Answers that advance in this step, the first tokens of prompts that end in it included.</param>
    /// <param name="slots">Cached slots read, each once.</param>
    /// <param name="tokenSlots">Pairs of a new token and a cached slot that attention computes.</param>
    public double StepSeconds(double promptTokens, double nextTokens, double sequences, double slots, double tokenSlots)
    {
        var attention = (slots * readSecondsPerSlot) + (tokenSlots * attentionSecondsPerTokenSlot);
        var step = promptTokens > 0
            ? WeightsSeconds(promptTokens, nextTokens) + attention
            : Math.Max(RooflineSeconds(0, nextTokens) + attention, launchSeconds) + hostSeconds;
        return step + (sequences * secondsPerSequence) + (Math.Max(nextTokens, sequences) * secondsPerRow);
    }

    /// <summary>Seconds to compute a prompt in chunks, alone on the machine.</summary>
    /// <param name="tokens">New tokens.</param>
    /// <param name="context">Slots cached before it.</param>
    /// <param name="chunk">Tokens computed in one step.</param>
    public double PrefillSeconds(double tokens, double context, double chunk)
    {
        var full = Math.Floor(tokens / chunk);
        var rest = tokens - (full * chunk);
        // Chunk i reads the context and the i chunks before it; a token attends half of its own chunk on average.
        var slots = (full * context) + (chunk * full * (full - 1) / 2);
        var tokenSlots = tokens * (context + (tokens / 2));
        var seconds = full * WeightsSeconds(chunk, 0);
        if (rest > 0)
        {
            seconds += WeightsSeconds(rest, 0);
            slots += context + (full * chunk);
        }

        return seconds + (slots * readSecondsPerSlot) + (tokenSlots * attentionSecondsPerTokenSlot) + secondsPerSequence + secondsPerRow;
    }

    /// <summary>Seconds of the weights' roofline and the host for a step of prompt tokens and next tokens together; a prompt needs the output head for its last token only.</summary>
    public double WeightsSeconds(double promptTokens, double nextTokens) =>
        Math.Max(Math.Max(RooflineSeconds(promptTokens, nextTokens), launchSeconds) + hostSeconds, promptTokens > 0 ? promptLaunchSeconds : 0);

    /// <summary>Seconds to read so many cached slots.</summary>
    public double ReadSeconds(double slots) => slots * readSecondsPerSlot;

    private double RooflineSeconds(double promptTokens, double nextTokens)
    {
        var arithmetic = ((promptTokens + nextTokens) * secondsPerToken) - (Math.Max(promptTokens - 1, 0) * headSecondsPerToken);
        var tokens = promptTokens + nextTokens;
        var reading = Math.Min(Math.Max(weightReadSeconds, tokens * quantizedSecondsPerToken), writtenOutSeconds) * variation.WeightsRead(tokens);
        return overlaps ? Math.Sqrt((reading * reading) + (arithmetic * arithmetic)) : reading + arithmetic;
    }

    // A CPU computes half precision by widening it: no gain in reading, no loss either.
    private static double StoredBytes(WeightPrecision precision, EngineProfile profile) =>
        profile.KvBytesPerElement == 4 && precision is WeightPrecision.Float16 or WeightPrecision.BFloat16 ? 4 : precision.BitsPerWeight() / 8;
}
