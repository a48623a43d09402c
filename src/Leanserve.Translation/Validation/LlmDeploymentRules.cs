using System.Text.RegularExpressions;
using Leanserve.Api;

namespace Leanserve.Translation.Validation;

/// <summary>
/// The rules that no schema can say: those between fields (on API servers from 1.25 on also CEL rules), and those that need the GPU catalogue
/// or the planner's constants. They are checked here again because older servers know no CEL and the command line has no server.
/// </summary>
public static partial class LlmDeploymentRules
{
    /// <summary>Every rule that <paramref name="deployment"/> breaks; empty when it can be planned.</summary>
    public static IReadOnlyList<Violation> Check(LlmDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var spec = deployment.Spec;
        return
        [
            .. Name(deployment),
            .. ModelRules.Check(spec),
            .. KnowledgeRules.Check(spec),
            .. NodeRules.Check(spec.Node),
            .. DemandRules.Check(spec),
        ];
    }

    private static IEnumerable<Violation> Name(LlmDeployment deployment)
    {
        if (deployment.Metadata.Name is { } name && (name.Length > LlmDeployment.LongestName || !ServiceName().IsMatch(name)))
        {
            yield return new Violation("metadata.name", Shown.Text(name), RuleSentences.Name, "Choose such a name");
        }
    }

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex ServiceName();
}
