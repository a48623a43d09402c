namespace Leanserve.Planner;

/// <summary>The rules that a profile must keep for times to follow from it.</summary>
public static class EngineProfileRules
{
    /// <summary>Every broken rule as a sentence with the offending value; empty when the profile is sound.</summary>
    public static IReadOnlyList<string> Violations(EngineProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        (string Name, double Value)[] rates =
        [
            (nameof(profile.ComputeEfficiency), profile.ComputeEfficiency),
            (nameof(profile.BandwidthEfficiency), profile.BandwidthEfficiency),
            (nameof(profile.AttentionEfficiency), profile.AttentionEfficiency),
            (nameof(profile.KvBandwidthEfficiency), profile.KvBandwidthEfficiency),
            (nameof(profile.QuantizedBandwidthFactor), profile.QuantizedBandwidthFactor),
            (nameof(profile.QuantizedComputeFactor), profile.QuantizedComputeFactor),
            (nameof(profile.MaxSequences), profile.MaxSequences),
            (nameof(profile.ChunkTokens), profile.ChunkTokens),
            (nameof(profile.AnswerShareReserved), profile.AnswerShareReserved),
            (nameof(profile.KvBytesPerElement), profile.KvBytesPerElement),
        ];
        (string Name, double Value)[] amounts =
        [
            (nameof(profile.SecondsPerStep), profile.SecondsPerStep),
            (nameof(profile.LaunchSecondsPerLayer), profile.LaunchSecondsPerLayer),
            (nameof(profile.SecondsPerSequence), profile.SecondsPerSequence),
            (nameof(profile.SecondsPerRow), profile.SecondsPerRow),
            (nameof(profile.SecondsPerRequest), profile.SecondsPerRequest),
            (nameof(profile.QuantizedTokenEfficiency), profile.QuantizedTokenEfficiency),
            (nameof(profile.BytesPerScore), profile.BytesPerScore),
            (nameof(profile.RuntimeBytes), profile.RuntimeBytes),
            (nameof(profile.ActivationCopies), profile.ActivationCopies),
        ];
        return
        [
            .. rates.Where(rate => rate.Value is not (> 0 and < double.PositiveInfinity)).Select(rate => $"the profile's {rate.Name} is {rate.Value}; it must be above 0."),
            .. amounts.Where(amount => amount.Value is not (>= 0 and < double.PositiveInfinity)).Select(amount => $"the profile's {amount.Name} is {amount.Value}; it must be at least 0."),
        ];
    }
}
