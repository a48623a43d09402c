using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>The techniques that are evaluated beside the knowledge and decoding axes, each as a change of one native sampling candidate.</summary>
internal static class TechniqueSpecs
{
    public static IEnumerable<CandidateSpec> All(PlanInput input, PlannerConstants constants, CandidateSpec basis)
    {
        yield return Draft(input, constants, basis);
        yield return MixtureOfExperts(constants, basis);
        yield return Medusa(constants, basis);
        yield return Skeleton(constants, basis);
        yield return Compression(constants, basis);
        if (input.Knowledge.Tokens > 0)
        {
            yield return RemoteRag(input, constants, basis);
        }
    }

    /// <summary>Tokens drafted by n-gram lookup, which our runtime does where it is told to.</summary>
    public static CandidateSpec NGram(PlanInput input, PlannerConstants constants, CandidateSpec basis) => basis with
    {
        Technique = Technique.SpeculativeNGram,
        Shape = basis.Shape with
        {
            Drafts = new NGramDrafts(constants[Constant.NGramDraftTokens], input.Traffic.CopiedShare, constants[Constant.NGramMissedTokens]),
        },
        Parts = BillOfPartsBuilder.With(basis.Parts, new Part(PartKind.TuningKnob, "drafted tokens")),
    };

    // Expected tokens of a verified step when each of k proposals is accepted with probability a: (1 − a^(k+1)) / (1 − a).
    private static double TokensGained(double acceptance, double proposed) =>
        acceptance >= 1 ? proposed + 1 : (1 - Math.Pow(acceptance, proposed + 1)) / (1 - acceptance);

    private static CandidateSpec Draft(PlanInput input, PlannerConstants constants, CandidateSpec basis)
    {
        var proposed = constants[Constant.DraftTokens];
        return basis with
        {
            Technique = Technique.SpeculativeDraft,
            Shape = basis.Shape with { TokensPerStep = proposed + 1, TokensGained = TokensGained(constants[Constant.DraftAcceptance], proposed) },
            SecondModelParameters = input.Geometry.Parameters * constants[Constant.DraftParameterShare],
            DraftSteps = proposed,
            Parts = BillOfPartsBuilder.With(
                basis.Parts,
                new Part(PartKind.SecondModel, "draft model"),
                new Part(PartKind.ModelArtefact, "draft model"),
                new Part(PartKind.TuningKnob, "proposed tokens")),
        };
    }

    private static CandidateSpec MixtureOfExperts(PlannerConstants constants, CandidateSpec basis) => basis with
    {
        Technique = Technique.MixtureOfExperts,
        Variation = new CostVariation
        {
            Arithmetic = constants[Constant.MoeActiveShare],
            Weights = constants[Constant.MoeTotalShare],
            Experts = constants[Constant.MoeExperts],
            ExpertsPerToken = Math.Min(constants[Constant.MoeExpertsPerToken], constants[Constant.MoeExperts]),
        },
        Parts = BillOfPartsBuilder.With(basis.Parts, new Part(PartKind.TuningKnob, "expert capacity")),
    };

    private static CandidateSpec Medusa(PlannerConstants constants, CandidateSpec basis) => basis with
    {
        Technique = Technique.Medusa,
        Shape = basis.Shape with { TokensPerStep = constants[Constant.MedusaTreeTokens], TokensGained = constants[Constant.MedusaTokensPerStep] },
        Parts = BillOfPartsBuilder.With(
            basis.Parts,
            new Part(PartKind.TrainingRun, "Medusa heads"),
            new Part(PartKind.SecondModel, "Medusa heads"),
            new Part(PartKind.TuningKnob, "tree shape, acceptance", 2)),
    };

    private static CandidateSpec Skeleton(PlannerConstants constants, CandidateSpec basis)
    {
        var points = constants[Constant.SkeletonPoints];
        var outline = constants[Constant.SkeletonOutlineTokens];
        var output = basis.Shape.OutputTokens;
        return basis with
        {
            Technique = Technique.SkeletonOfThought,
            // The outline is written alone, then the points side by side: steps = outline + output / points.
            Shape = basis.Shape with
            {
                PromptTokens = basis.Shape.PromptTokens + outline,
                TokensPerStep = points,
                TokensGained = output / (outline + (output / points)),
            },
            Quality = basis.Quality * constants[Constant.QualitySkeleton],
            Parts = BillOfPartsBuilder.With(
                basis.Parts,
                new Part(PartKind.Container, "outline router"),
                new Part(PartKind.TuningKnob, "outline prompt, point prompt, when to use it", 3)),
        };
    }

    private static CandidateSpec Compression(PlannerConstants constants, CandidateSpec basis) => basis with
    {
        Technique = Technique.PromptCompression,
        Shape = basis.Shape with { PromptTokens = basis.Shape.PromptTokens / constants[Constant.CompressionRatio] },
        Compressor = new PromptCompressor(constants[Constant.CompressorMatrixParameters], constants[Constant.CompressionRatio]),
        SecondModelParameters = constants[Constant.CompressorParameters],
        Quality = basis.Quality * constants[Constant.QualityCompression],
        Parts = BillOfPartsBuilder.With(
            basis.Parts,
            new Part(PartKind.Container, "compressor"),
            new Part(PartKind.Image, "compressor"),
            new Part(PartKind.SecondModel, "compressor"),
            new Part(PartKind.TuningKnob, "ratio")),
    };

    private static CandidateSpec RemoteRag(PlanInput input, PlannerConstants constants, CandidateSpec basis)
    {
        var passages = NativeSpecs.Passages(input.Knowledge.Tokens, constants);
        var prompt = input.Traffic.PromptTokens + NativeSpecs.PassagesInPrompt(input.Knowledge.Tokens, passages, constants);
        return basis with
        {
            Technique = Technique.RemoteRag,
            Knowledge = KnowledgeMode.Rag,
            Shape = basis.Shape with
            {
                PromptTokens = prompt,
                SharedTokens = 0,
                SecondsBefore = constants[Constant.RemoteEmbeddingSeconds] + constants[Constant.RerankSeconds],
            },
            RebuildsCache = false,
            RebuildsIndex = true,
            RetrievedPassages = passages,
            Quality = constants[Constant.QualityRemoteRag] * NativeSpecs.PrecisionQuality(basis.Weights.Precision, constants),
            UsdPerQuery = constants[Constant.RemoteEmbeddingUsdPerThousandQueries] / 1000,
            Parts = BillOfPartsBuilder.With(
                BillOfPartsBuilder.Native(KnowledgeMode.Rag, DecodingMode.Sampling, input.Knowledge),
                new Part(PartKind.ExternalService, "embedding service"),
                new Part(PartKind.Container, "vector store"),
                new Part(PartKind.Container, "reranker"),
                new Part(PartKind.Image, "vector store, reranker", 2),
                new Part(PartKind.SecondModel, "reranker"),
                new Part(PartKind.ScheduledJob, "re-embedding")),
        };
    }
}
