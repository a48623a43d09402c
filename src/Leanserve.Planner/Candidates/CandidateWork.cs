using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>A candidate that fits: its specification with the limits and the hardware that its costs follow from.</summary>
internal sealed record CandidateWork(PlanInput Input, CandidateSpec Spec, EngineProfile Profile, EngineLimits Limits)
{
    /// <summary>Costs on hardware of <paramref name="speed"/> times the stated bandwidth and arithmetic rate.</summary>
    public EngineCost Cost(double speed)
    {
        var bandwidth = Input.Node.BandwidthBytesPerSecond * speed;
        var flops = Input.Node.FlopsPerSecond * speed;
        var model = new ForwardCost(Input.Geometry, Spec.Weights.Precision, bandwidth, flops, Profile, Spec.Variation);
        // A compressor is a second model of which prompts alone take steps.
        var second = Spec.DraftSteps > 0
            ? new ForwardCost(DraftGeometry(), WeightPrecision.Float16, bandwidth, flops, Profile)
            : Spec.Compressor?.Cost(bandwidth, flops, Profile);
        return new EngineCost(model, Profile, Limits.PrefillChunkTokens, second, Spec.DraftSteps);
    }

    /// <summary>Seconds to build the documents' cache or index on this hardware; 0 where there is none.</summary>
    public double RebuildSeconds(PlanInput input, PlannerConstants constants)
    {
        if (Spec.RebuildsCache)
        {
            return Cost(1).Model.PrefillSeconds(Spec.Shape.SharedTokens, 0, Limits.PrefillChunkTokens);
        }

        return Spec.RebuildsIndex ? IndexSeconds(input, constants) : 0;
    }

    /// <summary>Seconds to build the index of the documents.</summary>
    public static double IndexSeconds(PlanInput input, PlannerConstants constants) => input.Knowledge.Tokens / 1e6 * constants[Constant.IndexSecondsPerMillionTokens];

    // A draft of a share s of the parameters: s^(1/3) of the layers and of each width.
    private ModelGeometry DraftGeometry()
    {
        var scale = Math.Cbrt(Spec.SecondModelParameters / Input.Geometry.Parameters);
        return Input.Geometry with
        {
            Parameters = (long)Spec.SecondModelParameters,
            Layers = Math.Max(1, (int)(Input.Geometry.Layers * scale)),
            HiddenSize = Math.Max(1, (int)(Input.Geometry.HiddenSize * scale)),
            AttentionHeads = Math.Max(1, (int)(Input.Geometry.AttentionHeads * scale)),
            KeyValueHeads = Math.Max(1, (int)(Input.Geometry.KeyValueHeads * scale)),
            IntermediateSize = Math.Max(1, (int)(Input.Geometry.IntermediateSize * scale)),
        };
    }
}
