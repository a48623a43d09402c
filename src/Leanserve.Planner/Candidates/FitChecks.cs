using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>The checks before any time is computed, in their order: the first that fails names the rejection.</summary>
internal static class FitChecks
{
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

    public static Rejection? Model(PlanInput input, CandidateSpec spec, EngineProfile profile)
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
                $"Documents, prompt and answer take {Wording.Count(needed)} tokens, the model's context holds {Wording.Count(input.Geometry.MaxContextTokens)}; "
                + ContextRemedy(spec, input))
            : null;
    }

    public static Rejection? Memory(PlanInput input, CandidateSpec spec, EngineProfile profile, MemoryBudget budget, PlannerConstants constants)
    {
        var left = budget.AvailableBytes - budget.WeightsBytes - budget.RuntimeBytes;
        var where = $"{input.Node.Name} offers {Wording.Bytes(budget.AvailableBytes)}";
        if (left <= 0)
        {
            return new(
                RejectionReason.WeightsTooLarge,
                $"{spec.Weights.Precision} weights of {Wording.Bytes(budget.WeightsBytes)} and {Wording.Bytes(budget.RuntimeBytes)} of runtime do not fit: {where}; "
                + "use fewer bits, a smaller model or more memory.");
        }

        var perToken = MemoryModel.BytesPerSlot(input, spec, profile, constants, requests: 1);
        var shared = perToken * MemoryModel.DocumentSlots(spec);
        var request = (double)perToken * (MemoryModel.SlotsPerRequest(input, spec, constants) + 1);
        if (shared > 0 && left < shared + request)
        {
            var room = Math.Max((left - request) / perToken, 0);
            return new(
                RejectionReason.KnowledgeCacheTooLarge,
                $"The KV cache of {Wording.Count(spec.Shape.SharedTokens)} document tokens takes {Wording.Bytes(shared)}, beside weights there is room for "
                + $"{Wording.Count(room)} tokens: {where}; use fewer documents, RAG or more memory.");
        }

        return left < request
            ? new(
                RejectionReason.RequestCacheTooLarge,
                $"One request's KV cache takes {Wording.Bytes(request)}, beside weights {Wording.Bytes(left)} are left: {where}; "
                + "use shorter prompts or answers, fewer bits or more memory.")
            : null;
    }

    private static string ContextRemedy(CandidateSpec spec, PlanInput input) => input.Knowledge.Tokens == 0 || spec.Knowledge is KnowledgeMode.Rag
        ? "shorten promptTokens or outputTokens, or take a model with a longer context."
        : $"use RAG, or at most {Wording.Count(Math.Max(input.Geometry.MaxContextTokens - input.Traffic.PromptTokens - input.Traffic.OutputTokens, 0))} document tokens.";
}
