using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Whether a remedy would help a candidate: what cannot is not told.</summary>
internal static class Remedies
{
    /// <summary>Whether retrieval from the same documents fits context and memory, and keeps up with their changes.</summary>
    public static bool RagFits(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants)
    {
        if (spec.Knowledge is KnowledgeMode.Rag || input.Knowledge.Tokens == 0)
        {
            return false;
        }

        var rag = NativeSpecs.Create(input, constants, KnowledgeMode.Rag, spec.Decoding, spec.Weights);
        return FitChecks.Model(input, rag, profile, constants) is null
            && FitChecks.Memory(input, rag, profile, MemoryModel.Fixed(input, rag, profile, constants), constants) is null
            && ServiceChecks.KeepsUp(input, CandidateWork.IndexSeconds(input, constants), constants);
    }

    /// <summary>Whether weights of fewer bits, which the engine runs, would leave room beside them.</summary>
    /// <param name="input">The deployment.</param>
    /// <param name="spec">The candidate.</param>
    /// <param name="profile">The engine.</param>
    /// <param name="constants">The constants in force.</param>
    /// <param name="needed">Bytes needed beside weights and runtime.</param>
    public static bool FewerBitsFit(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants, double needed) =>
        AnyWithFewerBits(spec, profile, precision =>
        {
            var budget = MemoryModel.Fixed(input, spec with { Weights = new WeightVariant(precision) }, profile, constants);
            var left = budget.AvailableBytes - budget.WeightsBytes - budget.RuntimeBytes;
            return left > 0 && left >= needed;
        });

    /// <summary>Whether a lone answer's step takes less with weights of fewer bits that the engine runs.</summary>
    public static bool FewerBitsAreFaster(PlanInput input, CandidateSpec spec, EngineProfile profile)
    {
        var present = Step(spec.Weights.Precision);
        return AnyWithFewerBits(spec, profile, precision => Step(precision) < present);

        double Step(WeightPrecision precision) =>
            new ForwardCost(input.Geometry, precision, input.Node.BandwidthBytesPerSecond, input.Node.FlopsPerSecond, profile, spec.Variation)
                .StepSeconds(0, spec.Shape.TokensPerStepBeside(1), 1, 0, 0);
    }

    private static bool AnyWithFewerBits(CandidateSpec spec, EngineProfile profile, Func<WeightPrecision, bool> helps) =>
        profile.Precisions.Any(precision => precision.BitsPerWeight() < spec.Weights.Precision.BitsPerWeight() && helps(precision));
}
