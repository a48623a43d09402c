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

        ObserveKnowledge(context, own);
        return Task.FromResult(StepResult.Next);
    }

    private static void ObserveKnowledge(ReconcileContext context, List<V1Pod> own)
    {
        if (context.Resource.Spec.Knowledge is null)
        {
            context.Conditions.True(ConditionTypes.KnowledgeCurrent, "NoKnowledge", "No documents are asked for.");
            return;
        }

        if (context.Conditions[ConditionTypes.KnowledgeCurrent] is not null)
        {
            return;
        }

        var hash = ApplyWorkload.ContentHash(context);
        var serving = own.Where(p => p.Metadata.DeletionTimestamp is null && (p.Status?.Conditions ?? []).Any(c => c.Type == "Ready" && c.Status == "True")).ToList();
        var current = serving.Count(p => p.Metadata.Annotations.Find(WorkloadNames.ContentHashAnnotation) == hash);
        var message = string.Create(CultureInfo.InvariantCulture, $"{current} of {serving.Count} serving pods hold the documents as they are now ({context.KnowledgeTokens} tokens).");
        if (context.Inspection.IsCurrent && current == serving.Count && current > 0)
        {
            context.Conditions.True(ConditionTypes.KnowledgeCurrent, "DocumentsLoaded", message);
        }
        else
        {
            context.Conditions.False(ConditionTypes.KnowledgeCurrent, context.Inspection.IsCurrent ? "Rolling" : "Inspecting", message);
        }
    }
}
