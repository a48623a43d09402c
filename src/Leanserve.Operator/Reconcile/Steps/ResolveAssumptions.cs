using System.Globalization;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Controllers;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Validation;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Reads the ConfigMaps that override the planner's constants. A plan by other constants than the user's would be another plan, so none is made until all are right; pods that run go on.</summary>
public sealed class ResolveAssumptions(IEntityCache<V1ConfigMap> configMaps) : IReconcileStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken) => Task.FromResult(Run(context));

    private StepResult Run(ReconcileContext context)
    {
        // A spec that breaks a rule is told so by PlanStrategy.
        var spec = context.Resource.Spec;
        if (LlmDeploymentRules.Check(context.Resource).Count > 0)
        {
            return StepResult.Next;
        }

        var names = (spec.AssumptionsFrom ?? []).Select(source => source.ConfigMapRef.Name).Distinct(StringComparer.Ordinal).ToList();
        context.AssumptionMaps = names.Select(name => (name, data: Data(context.Resource.Metadata.NamespaceProperty, name))).Where(map => map.data is not null)
            .ToDictionary(map => map.name, map => map.data!, StringComparer.Ordinal);
        var resolved = AssumptionsResolution.Resolve(spec, context.AssumptionMaps.GetValueOrDefault);
        if (resolved.Violations.Count > 0)
        {
            var reason = context.AssumptionMaps.Count < names.Count ? "ConfigMapNotFound" : "InvalidAssumptions";
            var message = string.Join(' ', resolved.Violations);
            context.Conditions.False(ConditionTypes.AssumptionsResolved, reason, message);
            return new StepResult.Wait(reason, message, LookAgain);
        }

        context.Conditions.True(ConditionTypes.AssumptionsResolved, resolved.Values.Count == 0 ? "Documented" : "Overridden", Sentence(resolved.Values));
        return StepResult.Next;
    }

    private IReadOnlyDictionary<string, string>? Data(string ns, string name) =>
        configMaps.Get(ns, name) is { } map ? new Dictionary<string, string>(map.Data ?? new Dictionary<string, string>()) : null;

    private static string Sentence(IReadOnlyDictionary<string, double> values) => values.Count == 0
        ? "Every constant of the planner has its documented value."
        : $"Other than documented: {string.Join(", ", values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Key} = {value.Value}")))}.";
}
