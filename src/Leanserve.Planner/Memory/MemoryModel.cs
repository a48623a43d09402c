using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Memory of one replica, and how many requests fit beside one another.</summary>
internal static class MemoryModel
{
    /// <summary>Weights and runtime: what is taken before any KV slot.</summary>
    public static MemoryBudget Fixed(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants)
    {
        var gpu = input.Node.Kind is NodeKind.Gpu;
        var usable = constants[gpu ? Constant.UsableMemoryGpu : Constant.UsableMemoryCpu];
        var weights = spec.Weights.WeightsBytes ?? ModelShape.WeightsBytes(input.Geometry, spec.Weights.Precision, profile.KvBytesPerElement);
        return new MemoryBudget
        {
            WeightsBytes = (long)(weights * spec.Variation.Weights) + (long)(spec.SecondModelParameters * profile.KvBytesPerElement),
            RuntimeBytes = profile.RuntimeBytes + ActivationBytes(input.Geometry, constants[Constant.PrefillChunkTokens], profile),
            AvailableBytes = (long)(input.Node.MemoryBytes * usable),
        };
    }

    /// <summary>The limits that fit, with at most <paramref name="most"/> requests side by side; null when not even one does.</summary>
    public static EngineLimits? Limits(PlanInput input, CandidateSpec spec, EngineProfile profile, MemoryBudget budget, PlannerConstants constants, int most)
    {
        var perSlot = KvCacheMemory.BytesPerToken(input.Geometry, profile.KvBytesPerElement);
        var slots = (budget.AvailableBytes - budget.WeightsBytes - budget.RuntimeBytes) / perSlot;
        var reserved = (long)Math.Ceiling(spec.ReservedSlots);
        var shared = (long)spec.Shape.SharedTokens;
        var requests = (int)Math.Min((slots - shared) / reserved, most);
        if (requests < 1)
        {
            return null;
        }

        var used = (long)Math.Ceiling(spec.Shape.PromptTokens + spec.Shape.SharedTokens);
        var output = Math.Max((long)spec.Shape.OutputTokens, Math.Min(
            (long)(spec.Shape.OutputTokens * constants[Constant.OutputTokensReserve]),
            input.Geometry.MaxContextTokens - used));
        // Room for all at their typical length, or for one at its longest.
        var longest = (long)(spec.Shape.PromptTokens + (output * (spec.ReservedSlots - spec.Shape.PromptTokens) / spec.Shape.OutputTokens));
        return new EngineLimits
        {
            KvSlots = (int)Math.Min(Math.Min(shared + Math.Max(requests * reserved, longest), slots), int.MaxValue),
            MaxConcurrentRequests = requests,
            MaxQueuedRequests = (int)constants[Constant.MaxQueuedRequests],
            PrefillChunkTokens = (int)constants[Constant.PrefillChunkTokens],
            MaxOutputTokens = (int)output,
        };
    }

    /// <summary>The budget with the KV buffer that the limits allocate.</summary>
    public static MemoryBudget WithKv(MemoryBudget budget, PlanInput input, CandidateSpec spec, EngineProfile profile, long slots)
    {
        var shared = (long)spec.Shape.SharedTokens;
        return budget with
        {
            KnowledgeKvBytes = KvCacheMemory.BufferBytes(input.Geometry, profile.KvBytesPerElement, shared),
            RequestKvBytes = KvCacheMemory.BufferBytes(input.Geometry, profile.KvBytesPerElement, Math.Max(slots - shared, 0)),
        };
    }

    // A chunk's residual stream, projections, gated feed-forward and one row of logits, as many copies as the arena keeps.
    private static long ActivationBytes(ModelGeometry geometry, double chunk, EngineProfile profile)
    {
        var perToken = (4.0 * geometry.HiddenSize) + (3.0 * geometry.IntermediateSize)
            + ((2.0 * geometry.AttentionHeads) + (2.0 * geometry.KeyValueHeads)) * geometry.HeadSize;
        return (long)(((chunk * perToken) + geometry.VocabularySize) * profile.KvBytesPerElement * profile.ActivationCopies);
    }
}
