using Leanserve.Api;
using Leanserve.Translation.Validation;

namespace Leanserve.Translation.Planning;

/// <summary>The planner's constants that a deployment overrides: those of its ConfigMaps in their order, then its own.</summary>
public sealed record AssumptionsResolution
{
    /// <summary>Values by the constants' names; what is wrong in a ConfigMap is left out.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>Every ConfigMap that is missing, and every key and value of the others that is no constant's or beyond its bounds.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>Reads the named ConfigMaps.</summary>
    /// <param name="spec">The deployment, whose own overrides keep the rules.</param>
    /// <param name="configMap">The data of a ConfigMap of the deployment's namespace; null where there is none.</param>
    public static AssumptionsResolution Resolve(LlmDeploymentSpec spec, Func<string, IReadOnlyDictionary<string, string>?> configMap)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(configMap);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        var violations = new List<Violation>();
        var sources = spec.AssumptionsFrom ?? [];
        for (var index = 0; index < sources.Count; index++)
        {
            var name = sources[index].ConfigMapRef.Name;
            if (configMap(name) is { } data)
            {
                Read(name, data, values, violations);
                continue;
            }

            violations.Add(new Violation(
                $"{FieldPath.Item("spec.assumptionsFrom", index)}.configMapRef.name", Shown.Text(name), "there is no such ConfigMap in the deployment's namespace", "Create it, or correct the name"));
        }

        foreach (var (name, text) in spec.Assumptions ?? new Dictionary<string, string>())
        {
            values[name] = WireNumber.Decimal(text)!.Value;
        }

        return new AssumptionsResolution { Values = values, Violations = violations };
    }

    private static void Read(string configMap, IReadOnlyDictionary<string, string> data, Dictionary<string, double> values, List<Violation> violations)
    {
        foreach (var (name, text) in data.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            // Block scalars of YAML end in a line break.
            if (AssumptionRules.Check(FieldPath.Member($"ConfigMap {configMap}: data", name), name, text.Trim()) is { } violation)
            {
                violations.Add(violation);
            }
            else
            {
                values[name] = WireNumber.Decimal(text.Trim())!.Value;
            }
        }
    }
}
