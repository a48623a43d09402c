using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>The checks before any time is computed, in their order: the first that fails names the rejection.</summary>
internal static class FitChecks
{
    private const string FewerPassages = "retrieve fewer or shorter passages (RetrievedPassages, PassageTokens in spec.assumptions)";

    public static Rejection? Demand(PlanInput input, CandidateSpec spec)
    {
        if (spec.Knowledge is not KnowledgeMode.Dense && input.Knowledge.Tokens == 0)
        {
            return new(RejectionReason.NoDocuments, "There are no documents to answer from; add spec.knowledge.sources to use it.");
        }

        return input.Objectives.Exactness is AnswerExactness.RequireExact && spec.Decoding is DecodingMode.Sampling
            ? new(RejectionReason.NotExact, "Sampling is not exact, and answerQuality is RequireExact; set it to PreferExact or Standard to allow sampling.")
            : null;
    }

    public static Rejection? Model(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants)
    {
        if (!profile.Precisions.Contains(spec.Weights.Precision))
        {
            return new(
                RejectionReason.PrecisionUnsupported,
                $"{spec.Weights.Precision} weights do not run on {input.Node.Name}; export the model as {string.Join(" or ", profile.Precisions)}.");
        }

        var needed = spec.Shape.SharedTokens + spec.Shape.PromptTokens + spec.Shape.OutputTokens;
        return needed > input.Geometry.MaxContextTokens
            ? new(
                RejectionReason.ContextTooLong,
                $"{Contents(input, spec)} take {Wording.Count(Math.Ceiling(needed))} tokens, the model's context holds {Wording.Count(input.Geometry.MaxContextTokens)}; "
                + $"{ContextRemedy(input, spec, profile, constants, needed)}.")
            : null;
    }

    public static Rejection? Memory(PlanInput input, CandidateSpec spec, EngineProfile profile, MemoryBudget budget, PlannerConstants constants)
    {
        var left = budget.AvailableBytes - budget.WeightsBytes - budget.RuntimeBytes;
        var where = $"{input.Node.Name} offers {Wording.Bytes(budget.AvailableBytes)}";
        var perToken = MemoryModel.BytesPerSlot(input, spec, profile, constants, requests: 1);
        var shared = perToken * MemoryModel.DocumentSlots(spec);
        var request = (double)perToken * (MemoryModel.SlotsPerRequest(input, spec, constants) + 1);
        if (left <= 0)
        {
            return new(
                RejectionReason.WeightsTooLarge,
                $"{spec.Weights.Precision} weights of {Wording.Bytes(budget.WeightsBytes)} and {Wording.Bytes(budget.RuntimeBytes)} of runtime do not fit: {where}; "
                + Wording.Or(Remedies.FewerBitsFit(input, spec, profile, constants, shared + request) ? "use fewer bits" : null, "take a smaller model", "more memory") + ".");
        }

        if (left < request)
        {
            var (beside, takes) = Wording.Apart(left, request, Wording.Bytes);
            return new(
                RejectionReason.RequestCacheTooLarge,
                $"One request's KV cache takes {takes}, beside weights {beside} are left: {where}; {RequestRemedy(input, spec, profile, constants, shared + request)}.");
        }

        var room = MemoryModel.DocumentTokens((left - request) / perToken);
        return left < shared + request
            ? new(
                RejectionReason.KnowledgeCacheTooLarge,
                $"The KV cache of {Wording.Count(spec.Shape.SharedTokens)} document tokens takes {Wording.Bytes(shared)}, beside weights there is room for "
                + $"{Wording.Count(room)} tokens: {where}; "
                + $"{CacheRemedy(input, spec, profile, constants, shared + request, room)}.")
            : null;
    }

    private static string Contents(PlanInput input, CandidateSpec spec) =>
        input.Knowledge.Tokens == 0 ? "Prompt and answer" : spec.Knowledge is KnowledgeMode.Rag ? "Passages, prompt and answer" : "Documents, prompt and answer";

    private static string ContextRemedy(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants, double needed)
    {
        var retrieved = spec.Knowledge is KnowledgeMode.Rag;
        var room = retrieved || input.Knowledge.Tokens == 0 ? 0 : Math.Floor(input.Geometry.MaxContextTokens - (needed - input.Knowledge.Tokens));
        var own = input.Traffic.PromptTokens + input.Traffic.OutputTokens;
        return Wording.Or(
            Remedies.RagFits(input, spec, profile, constants) ? "use RAG" : null,
            room > 0 ? $"keep to {Wording.Count(room)} document tokens" : null,
            retrieved && own < input.Geometry.MaxContextTokens ? FewerPassages : null,
            room > 0 ? null : "shorten promptTokens or outputTokens",
            "take a model with a longer context");
    }

    private static string CacheRemedy(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants, double needed, double room) => Wording.Or(
        room > 0 ? "use fewer documents" : null,
        Remedies.RagFits(input, spec, profile, constants) ? "use RAG" : null,
        Remedies.FewerBitsFit(input, spec, profile, constants, needed) ? "use fewer bits" : null,
        "take more memory");

    private static string RequestRemedy(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants, double needed) => Wording.Or(
        Remedies.RagFits(input, spec, profile, constants) ? "use RAG" : null,
        spec.Knowledge is KnowledgeMode.Dense && input.Knowledge.Tokens > 0 ? "use fewer documents" : null,
        spec.Knowledge is KnowledgeMode.Rag ? FewerPassages : null,
        "use shorter prompts or answers",
        Remedies.FewerBitsFit(input, spec, profile, constants, needed) ? "use fewer bits" : null,
        "take more memory");
}
