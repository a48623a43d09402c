using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Memory of one replica, and how many requests fit beside one another.</summary>
internal static class MemoryModel
{
    // The engine keeps one slot free to move others through.
    private const int SpareSlots = 1;

    // As it is parsed to be checked, and as it is loaded: the former is given back some time after the start.
    private const int EmbeddingModelCopies = 2;

    /// <summary>Smallest step in which slots of documents and prompts are counted.</summary>
    private const long LeastStep = 64;

    /// <summary>Weights and runtime: what is taken before any KV slot.</summary>
    public static MemoryBudget Fixed(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants)
    {
        var gpu = input.Node.Kind is NodeKind.Gpu;
        var usable = constants[gpu ? Constant.UsableMemoryGpu : Constant.UsableMemoryCpu];
        var weights = spec.Weights.WeightsBytes ?? ModelShape.WeightsBytes(input.Geometry, spec.Weights.Precision, profile.KvBytesPerElement);
        var embedding = gpu ? null : spec.EmbeddingModel;
        var vectors = embedding is { } model ? NativeSpecs.IndexedPassages(input.Knowledge.Tokens, constants) * model.Dimensions * sizeof(float) : 0;
        return new MemoryBudget
        {
            WeightsBytes = (long)(weights * spec.Variation.Weights) + (long)(spec.SecondModelParameters * profile.KvBytesPerElement)
                + (EmbeddingModelCopies * (embedding?.WeightsBytes ?? 0)),
            RuntimeBytes = profile.RuntimeBytes + ActivationBytes(input.Geometry, constants[Constant.PrefillChunkTokens], profile) + vectors,
            AvailableBytes = (long)(input.Node.MemoryBytes * usable),
        };
    }

    /// <summary>The longest answer that a request may ask for, and gets where it asks for none.</summary>
    public static long MostOutputTokens(PlanInput input, CandidateSpec spec, PlannerConstants constants)
    {
        var left = input.Geometry.MaxContextTokens - (long)Math.Ceiling(spec.Shape.PromptTokens + spec.Shape.SharedTokens);
        var allowed = Math.Min((long)(input.Traffic.OutputTokens * constants[Constant.OutputTokensReserve]), left);
        return Math.Max(allowed, input.Traffic.OutputTokens);
    }

    /// <summary>Slots that the engine commits to one request on admission: its prompt, and its longest answer in each beam.</summary>
    public static long SlotsPerRequest(PlanInput input, CandidateSpec spec, PlannerConstants constants) =>
        WithRoom(spec.Shape.PromptTokens + (spec.RetrievedPassages > 0 ? KnowledgeFraming.InstructionTokens : 0)) + (spec.BeamWidth * MostOutputTokens(input, spec, constants));

    /// <summary>Slots of one state of the cached documents; 0 where none are cached.</summary>
    public static long DocumentSlots(CandidateSpec spec) => WithRoom(spec.Shape.SharedTokens);

    /// <summary>The most document tokens whose slots take no more than so many.</summary>
    public static double DocumentTokens(double slots)
    {
        var step = RoomStep(slots);
        return Math.Floor(slots / step) * step;
    }

    /// <summary>The limits that fit, with at most <paramref name="most"/> requests side by side; null when not even one does.</summary>
    public static EngineLimits? Limits(PlanInput input, CandidateSpec spec, EngineProfile profile, MemoryBudget budget, PlannerConstants constants, int most)
    {
        var perRequest = SlotsPerRequest(input, spec, constants);
        var documents = DocumentSlots(spec);
        var taken = documents + SpareSlots;
        bool Fits(long slots, int requests) =>
            slots * BytesPerSlot(input, spec, profile, constants, requests) <= budget.AvailableBytes - budget.WeightsBytes - budget.RuntimeBytes;
        var (requests, beyond) = (0, most + 1);
        while (beyond - requests > 1)
        {
            var middle = requests + ((beyond - requests) / 2);
            _ = Fits(taken + (middle * perRequest), middle) ? requests = middle : beyond = middle;
        }

        // Changed documents are computed beside the served ones where that takes no request's place; else the server drains first.
        taken += Fits(taken + documents + (requests * perRequest), requests) ? documents : 0;
        return requests < 1 ? null : new EngineLimits
        {
            KvSlots = (int)Math.Min(taken + (requests * perRequest), int.MaxValue),
            MaxConcurrentRequests = requests,
            MaxQueuedRequests = (int)constants[Constant.MaxQueuedRequests],
            PrefillChunkTokens = (int)constants[Constant.PrefillChunkTokens],
            MaxOutputTokens = (int)MostOutputTokens(input, spec, constants),
        };
    }

    /// <summary>The budget with the KV buffer that the limits allocate.</summary>
    public static MemoryBudget WithKv(
        MemoryBudget budget, PlanInput input, CandidateSpec spec, EngineProfile profile, EngineLimits limits, PlannerConstants constants)
    {
        var documents = Math.Min(DocumentSlots(spec), limits.KvSlots);
        var requests = Math.Min(SpareSlots + (limits.MaxConcurrentRequests * SlotsPerRequest(input, spec, constants)), limits.KvSlots - documents);
        long Bytes(long slots) => KvCacheMemory.BufferBytes(input.Geometry, profile.KvBytesPerElement, slots);
        return budget with
        {
            KnowledgeKvBytes = Bytes(documents),
            RefreshKvBytes = Bytes(limits.KvSlots - documents - requests),
            RequestKvBytes = Bytes(requests),
            RuntimeBytes = budget.RuntimeBytes + (long)(limits.KvSlots * ScoreBytesPerSlot(input, spec, profile, constants, limits.MaxConcurrentRequests)),
        };
    }

    /// <summary>Bytes that one more slot takes: its keys and values, and its scores in the largest step, a full chunk beside the next tokens of so many requests.</summary>
    public static long BytesPerSlot(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants, int requests) =>
        KvCacheMemory.BytesPerToken(input.Geometry, profile.KvBytesPerElement) + (long)Math.Ceiling(ScoreBytesPerSlot(input, spec, profile, constants, requests));

    private static double ScoreBytesPerSlot(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants, int requests) =>
        input.Geometry.AttentionHeads * (constants[Constant.PrefillChunkTokens] + ((double)requests * spec.BeamWidth)) * profile.BytesPerScore;

    // Rounded up to an eighth of the next lower power of two: an edit of a few words leaves the plan, and with it the running pods, as they are.
    private static long WithRoom(double tokens)
    {
        if (tokens <= 0)
        {
            return 0;
        }

        var step = RoomStep(tokens);
        return (long)Math.Ceiling(tokens / step) * step;
    }

    private static long RoomStep(double tokens) => tokens < 1 ? LeastStep : Math.Max(LeastStep, (long)Math.Pow(2, Math.Floor(Math.Log2(tokens)) - 3));

    // A chunk's residual stream, projections, gated feed-forward and one row of logits, as many copies as the arena keeps.
    private static long ActivationBytes(ModelGeometry geometry, double chunk, EngineProfile profile)
    {
        var perToken = (4.0 * geometry.HiddenSize) + (3.0 * geometry.IntermediateSize)
            + ((2.0 * geometry.AttentionHeads) + (2.0 * geometry.KeyValueHeads)) * geometry.HeadSize;
        return (long)(((chunk * perToken) + geometry.VocabularySize) * profile.KvBytesPerElement * profile.ActivationCopies);
    }
}
