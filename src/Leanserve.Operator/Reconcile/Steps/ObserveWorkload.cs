using System.Globalization;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Controllers;
using Leanserve.Operator.Builders;
using Leanserve.Operator.Observe;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Reports what really runs: pods ready, documents held, and the pods' own words where something is wrong.</summary>
public sealed class ObserveWorkload(IEntityCache<V1Deployment> deployments, IEntityCache<V1Pod> pods) : IReconcileStep
{
    // A pod looks at its documents every second; a kubelet may take a minute to bring a changed ConfigMap to it.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        var resource = context.Resource;
        if (resource.Spec.Apply == ApplyMode.PlanOnly)
        {
            context.Conditions.Unknown(ConditionTypes.WorkloadAvailable, "PlanOnly", "apply: PlanOnly makes no pods.");
            return Task.FromResult(StepResult.Next);
        }

        var deployment = deployments.Get(resource.Metadata.NamespaceProperty, resource.Metadata.Name);
        if (deployment is null || deployment.Metadata.OwnerReferences?.Any(o => o.Uid == resource.Metadata.Uid) != true)
        {
            context.Conditions.False(ConditionTypes.WorkloadAvailable, "NoWorkload", "No pods were made yet.");
            return Task.FromResult(StepResult.Next);
        }

        var own = pods.List(resource.Metadata.NamespaceProperty).Where(p => WorkloadNames.Serves(p, resource)).ToList();
        var wanted = deployment.Spec.Replicas ?? 1;
        var upToDate = deployment.Status?.ObservedGeneration == deployment.Metadata.Generation;
        var ready = deployment.Status?.ReadyReplicas ?? 0;
        var updated = upToDate ? deployment.Status?.UpdatedReplicas ?? 0 : 0;
        context.Status.ReadyReplicas = ready;

        var trouble = PodDiagnosis.Of(own);
        if (upToDate && ready >= wanted && updated >= wanted && trouble is not { IsFailure: true })
        {
            context.Conditions.True(ConditionTypes.WorkloadAvailable, "PodsReady", string.Create(CultureInfo.InvariantCulture, $"{ready} of {wanted} pods are ready."));
        }
        else
        {
            var counts = string.Create(CultureInfo.InvariantCulture, $"{ready} of {wanted} pods are ready, {Math.Min(updated, wanted)} up to date.");
            context.Conditions.False(ConditionTypes.WorkloadAvailable, trouble?.Reason ?? "Progressing", trouble is null ? counts : $"{counts} {trouble.Message}");
        }

        return Task.FromResult(ObserveKnowledge(context));
    }

    /// <summary>What pods answer from against what the sources hold: the pods' own word, since volumes reach them late.</summary>
    private static StepResult ObserveKnowledge(ReconcileContext context)
    {
        if (context.Resource.Spec.Knowledge is null)
        {
            context.Conditions.True(ConditionTypes.KnowledgeCurrent, "NoKnowledge", "No documents are asked for.");
            return StepResult.Next;
        }

        if (context.Conditions[ConditionTypes.KnowledgeCurrent] is not null)
        {
            return StepResult.Next;
        }

        var sources = context.Report?.Knowledge ?? [];
        var current = context.Pages.Count(page => sources.All(source => page.Serves(source.Name, source.ContentHash)));
        var unread = context.Pages.Count(page => page.Text is null);
        var message = string.Create(CultureInfo.InvariantCulture, $"{current} of {context.Pages.Count} serving pods answer from the documents as they are now ({context.KnowledgeTokens} tokens).");
        if (!context.Inspection.IsCurrent)
        {
            context.Conditions.False(ConditionTypes.KnowledgeCurrent, "Inspecting", message);
            return StepResult.Next;
        }

        if (current == context.Pages.Count && current > 0)
        {
            context.Conditions.True(ConditionTypes.KnowledgeCurrent, "DocumentsLoaded", message);
            return StepResult.Next;
        }

        if (unread > 0 && current + unread == context.Pages.Count)
        {
            context.Conditions.Unknown(ConditionTypes.KnowledgeCurrent, "MetricsUnreadable", $"{message} The metrics of {unread} could not be read; let pods of the operator's namespace reach them.");
            return StepResult.Next;
        }

        context.Conditions.False(ConditionTypes.KnowledgeCurrent, "Refreshing", message);
        return context.Pages.Count == 0 ? StepResult.Next : new StepResult.Wait("Refreshing", message, LookAgain);
    }
}
