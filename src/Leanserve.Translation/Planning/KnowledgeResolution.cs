using System.Globalization;
using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Planning;

/// <summary>The size of the documents: measured where it can be, else stated.</summary>
internal static class KnowledgeResolution
{
    // Statements are estimates; nobody needs to be told of less.
    private const double Tolerance = 0.1;

    /// <summary>The documents; null where there are some whose size is neither measured nor stated.</summary>
    public static KnowledgeDemand? Resolve(KnowledgeSpec? knowledge, long? measuredTokens)
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
                ChangesPerDay = WireNumber.Decimal(knowledge.ChangesPerDay) ?? 0,
            }
            : null;
    }

    public static IEnumerable<Contradiction> Contradictions(KnowledgeSpec? knowledge, long? measuredTokens)
    {
        if (knowledge?.Tokens is { } stated && measuredTokens is { } measured && Math.Abs(stated - measured) > Tolerance * measured)
        {
            yield return new Contradiction(
                "spec.knowledge.tokens", stated.ToString(CultureInfo.InvariantCulture), measured.ToString(CultureInfo.InvariantCulture));
        }
    }
}
