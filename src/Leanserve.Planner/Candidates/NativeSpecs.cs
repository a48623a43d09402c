using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>The candidates that our runtime can serve: {Dense, CAG, RAG} × {Sampling, BeamSearch} × the model's precisions.</summary>
internal static class NativeSpecs
{
    private static readonly KnowledgeMode[] Modes = [KnowledgeMode.Dense, KnowledgeMode.Cag, KnowledgeMode.Rag];
    private static readonly DecodingMode[] Decodings = [DecodingMode.Sampling, DecodingMode.BeamSearch];

    public static IEnumerable<CandidateSpec> All(PlanInput input, PlannerConstants constants)
    {
        foreach (var mode in Modes)
        {
            foreach (var decoding in Decodings)
            {
                foreach (var weights in input.Weights)
                {
                    yield return Create(input, constants, mode, decoding, weights);
                }
            }
        }
    }

    /// <summary>Passages that retrieval puts into a prompt: never more than there are.</summary>
    public static int Passages(long documentTokens, PlannerConstants constants) =>
        (int)Math.Min(constants[Constant.RetrievedPassages], IndexedPassages(documentTokens, constants));

    /// <summary>Tokens that the passages add to a prompt, the runtime's instruction and their headers included; documents that are sent or cached whole are measured with theirs.</summary>
    public static double PassagesInPrompt(long documentTokens, int passages, PlannerConstants constants) =>
        Math.Min(passages * constants[Constant.PassageTokens], documentTokens) + KnowledgeFraming.HeaderTokens(passages);

    /// <summary>Tokens that neighbouring passages share: less than half a passage, as the runtime demands.</summary>
    public static int PassageOverlap(PlannerConstants constants) =>
        (int)Math.Clamp(constants[Constant.PassageOverlapTokens], 0, Math.Max((constants[Constant.PassageTokens] - 1) / 2, 0));

    /// <summary>Passages that the index holds.</summary>
    public static long IndexedPassages(long documentTokens, PlannerConstants constants) =>
        (long)Math.Ceiling(documentTokens / Math.Max(constants[Constant.PassageTokens] - PassageOverlap(constants), 1));

    /// <summary>One of them.</summary>
    public static CandidateSpec Create(PlanInput input, PlannerConstants constants, KnowledgeMode mode, DecodingMode decoding, WeightVariant weights)
    {
        var documents = input.Knowledge.Tokens;
        var passages = mode is KnowledgeMode.Rag ? Passages(documents, constants) : 0;
        var beams = decoding is DecodingMode.BeamSearch ? (int)constants[Constant.BeamWidth] : 1;
        var added = mode switch
        {
            KnowledgeMode.Dense => documents,
            KnowledgeMode.Rag => PassagesInPrompt(documents, passages, constants),
            _ => 0,
        };
        var prompt = input.Traffic.PromptTokens + added;
        var embedding = mode is KnowledgeMode.Rag ? input.Knowledge.EmbeddingModel : null;
        return new CandidateSpec
        {
            Technique = Technique.Native,
            Knowledge = mode,
            Decoding = decoding,
            Weights = weights,
            Shape = new RequestShape
            {
                PromptTokens = prompt,
                OutputTokens = input.Traffic.OutputTokens,
                SharedTokens = mode is KnowledgeMode.Cag ? documents : 0,
                TokensPerStep = beams,
                SlotsPerOutputToken = beams > 1 ? constants[Constant.BeamKvGrowth] : 1,
                SecondsBefore = embedding is { } model ? EmbeddingSeconds(model, input.Node, constants) : 0,
            },
            EmbeddingModel = embedding,
            RebuildsCache = mode is KnowledgeMode.Cag,
            RebuildsIndex = mode is KnowledgeMode.Rag,
            Quality = KnowledgeQuality(mode, documents, constants) * PrecisionQuality(weights.Precision, constants),
            RetrievedPassages = passages,
            BeamWidth = beams,
            Parts = BillOfPartsBuilder.Native(mode, decoding, input.Knowledge),
        };
    }

    // A question is short: its pass takes the time in which the weights are read once from the processor's memory.
    private static double EmbeddingSeconds(EmbeddingModelDemand model, NodeCapability node, PlannerConstants constants) =>
        model.WeightsBytes / (node.Kind is NodeKind.Cpu ? node.BandwidthBytesPerSecond : constants[Constant.HostGigabytesPerSecond] * 1e9);

    private static double KnowledgeQuality(KnowledgeMode mode, long documents, PlannerConstants constants) => documents == 0
        ? 1
        : mode switch
        {
            KnowledgeMode.Cag => constants[Constant.QualityCag],
            KnowledgeMode.Rag => constants[Constant.QualityRag],
            _ => constants[Constant.QualityDenseDocuments],
        };

    /// <summary>Share of the answers' quality that stored weights keep.</summary>
    public static double PrecisionQuality(WeightPrecision precision, PlannerConstants constants) => precision switch
    {
        WeightPrecision.Int8 => constants[Constant.QualityInt8],
        WeightPrecision.Int4 => constants[Constant.QualityInt4],
        _ => 1,
    };
}
