using System.Globalization;
using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Planning;

/// <summary>The size of the documents: measured where it can be, else stated.</summary>
internal static class KnowledgeResolution
{
    // Statements are estimates; nobody needs to be told of less.
    private const double Tolerance = 0.1;

    // Of base-sized encoders; only the memory of the vectors follows from it.
    private const int UsualDimensions = 768;

    /// <summary>The documents; null where there are some whose size is neither measured nor stated.</summary>
    public static KnowledgeDemand? Resolve(KnowledgeSpec? knowledge, long? measuredTokens, EmbeddingModelFacts? embedding)
    {
        if (knowledge is null)
        {
            return new KnowledgeDemand();
        }

        return (measuredTokens ?? knowledge.Tokens) is { } tokens
            ? new KnowledgeDemand
            {
                Tokens = tokens,
                Sources = knowledge.Sources?.Count ?? 0,
                ClaimsSnapshots = knowledge.Snapshots is not null,
                EmbeddingModel = Embedding(knowledge.EmbeddingModel, embedding),
                ChangesPerDay = WireNumber.Decimal(knowledge.ChangesPerDay) ?? 0,
            }
            : null;
    }

    /// <summary>Whether an embedding model is named whose size is neither measured nor stated.</summary>
    public static bool LacksEmbeddingSize(KnowledgeSpec? knowledge, EmbeddingModelFacts? embedding) =>
        knowledge?.EmbeddingModel is { Size: null } && embedding is null;

    private static EmbeddingModelDemand? Embedding(EmbeddingModelSpec? stated, EmbeddingModelFacts? measured) => (stated, measured) switch
    {
        (null, _) => null,
        (_, { } found) => new EmbeddingModelDemand(found.WeightsBytes, found.Dimensions),
        _ => WireNumber.Bytes(stated.Size) is { } bytes ? new EmbeddingModelDemand(bytes, stated.Dimensions ?? UsualDimensions) : null,
    };

    public static IEnumerable<Contradiction> Contradictions(KnowledgeSpec? knowledge, long? measuredTokens)
    {
        if (knowledge?.Tokens is { } stated && measuredTokens is { } measured && Math.Abs(stated - measured) > Tolerance * measured)
        {
            yield return new Contradiction(
                "spec.knowledge.tokens", stated.ToString(CultureInfo.InvariantCulture), measured.ToString(CultureInfo.InvariantCulture));
        }
    }
}
