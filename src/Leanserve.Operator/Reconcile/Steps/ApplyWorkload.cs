using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Controllers;
using Leanserve.Operator.Builders;
using Leanserve.Operator.Hosting;
using Microsoft.Extensions.Options;
using k8s.Models;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Makes the objects that run the plan, or repairs them; under PlanOnly makes none and removes those of an earlier Auto.</summary>
public sealed class ApplyWorkload(
    IEntityWriter writer,
    IApiDiscovery discovery,
    IEntityCache<V1Deployment> deployments,
    IEntityCache<V1Service> services,
    IOptions<OperatorOptions> options) : IReconcileStep
{
    public async Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        if (context.Resource.Spec.Apply == ApplyMode.PlanOnly)
        {
            await RemoveAsync(context.Resource, cancellationToken);
            return StepResult.Next;
        }

        if (context.Blockers is [var blocker, ..])
        {
            return blocker;
        }

        var workload = WorkloadFactory.Create(context.Resource, context.Plan!.Selected!, context.Nodes!, ModelHash(context.Report), options.Value);
        context.Status.Endpoint = WorkloadNames.Endpoint(context.Resource, workload.Runtime.Port);

        // The configuration before the pods that read it, the policy before the pods that it protects.
        await writer.ApplyAsync(ServiceAccountBuilder.Build(workload), cancellationToken);
        await writer.ApplyAsync(RuntimeConfigMapBuilder.Build(workload), cancellationToken);
        await writer.ApplyAsync(NetworkPolicyBuilder.Build(workload), cancellationToken);
        await writer.ApplyAsync(ServiceBuilder.Build(workload), cancellationToken);
        await writer.ApplyAsync(DeploymentBuilder.Build(workload), cancellationToken);
        await ApplyBudgetAsync(workload, cancellationToken);
        return StepResult.Next;
    }

    private static string ModelHash(InspectionReport? report) =>
        report?.EmbeddingModel is { } embedding ? $"{report.WeightsBytes}-{embedding.WeightsBytes}" : $"{report?.WeightsBytes}";

    private async Task ApplyBudgetAsync(Workload workload, CancellationToken cancellationToken)
    {
        if (await discovery.IsServedAsync("policy", "v1", V1PodDisruptionBudget.KubeKind, cancellationToken))
        {
            await writer.ApplyAsync(PodDisruptionBudgetBuilder.Build<V1PodDisruptionBudget>(workload), cancellationToken);
        }
        else if (await discovery.IsServedAsync("policy", "v1beta1", V1PodDisruptionBudget.KubeKind, cancellationToken))
        {
            await writer.ApplyAsync(PodDisruptionBudgetBuilder.Build<V1Beta1PodDisruptionBudget>(workload), cancellationToken);
        }
    }

    private async Task RemoveAsync(LlmDeployment resource, CancellationToken cancellationToken)
    {
        foreach (var deployment in deployments.ListOwnedBy(resource.Metadata.Uid))
        {
            await writer.DeleteAsync(deployment, cancellationToken);
        }

        foreach (var service in services.ListOwnedBy(resource.Metadata.Uid))
        {
            await writer.DeleteAsync(service, cancellationToken);
        }
    }
}
