using k8s.Models;
using Leanserve.Api;
using Leanserve.Controllers;
using Leanserve.Controllers.Sdk;
using Leanserve.Operator.Builders;
using Leanserve.Operator.Conditions;
using Leanserve.Operator.Hosting;
using Leanserve.Operator.Observe;
using Leanserve.Operator.Reconcile.Steps;
using Microsoft.Extensions.Options;

namespace Leanserve.Operator.Reconcile;

/// <summary>Runs the steps for one <see cref="LlmDeployment"/>, sums them up as conditions, and patches the status once.</summary>
/// <remarks>Level-based: it never asks what changed, only what is.</remarks>
[EntityRbac(typeof(LlmDeployment), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch)]
[GenericRbac(Groups = [LlmDeployment.Group], Resources = ["llmdeployments/status"], Verbs = RbacVerb.Get | RbacVerb.Patch)]
// Owner references that block the owner's deletion may be set only by those who may set its finalizers.
[GenericRbac(Groups = [LlmDeployment.Group], Resources = ["llmdeployments/finalizers"], Verbs = RbacVerb.Update)]
[EntityRbac(typeof(V1Node), typeof(V1PersistentVolumeClaim), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch)]
[EntityRbac(typeof(V1Deployment), typeof(V1Service), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch | RbacVerb.Create | RbacVerb.Patch | RbacVerb.Delete)]
[EntityRbac(typeof(V1ConfigMap), typeof(V1ServiceAccount), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch | RbacVerb.Create | RbacVerb.Patch)]
[EntityRbac(typeof(V1NetworkPolicy), typeof(V1PodDisruptionBudget), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch | RbacVerb.Create | RbacVerb.Patch)]
[EntityRbac(typeof(V1Pod), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch | RbacVerb.Create | RbacVerb.Delete)]
[EntityRbac(typeof(Corev1Event), Verbs = RbacVerb.Create | RbacVerb.Patch)]
public sealed class LlmDeploymentController(
    ResolveNode resolveNode,
    ResolveModel resolveModel,
    ResolveKnowledge resolveKnowledge,
    ResolveAssumptions resolveAssumptions,
    PlanStrategy planStrategy,
    ApplyWorkload applyWorkload,
    ObserveWorkload observeWorkload,
    ObservePerformance observePerformance,
    PodPageReader pages,
    TransitionEvents events,
    IEntityWriter writer,
    IOptions<OperatorOptions> options,
    TimeProvider time,
    ILogger<LlmDeploymentController> logger) : IEntityController<LlmDeployment>
{
    public async Task<ReconciliationResult<LlmDeployment>> ReconcileAsync(LlmDeployment entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            return ReconciliationResult<LlmDeployment>.Success(entity);
        }

        var conditions = new ConditionSet(entity.Status.Conditions, entity.Metadata.Generation ?? 0, time.GetUtcNow());
        var context = new ReconcileContext(entity, conditions) { Pages = await pages.ReadAsync(entity, cancellationToken) };
        var result = await RunAsync(context, cancellationToken);

        // What runs is reported even where the plan failed: pods of an earlier plan go on serving.
        var observed = await observeWorkload.RunAsync(context, cancellationToken);
        await observePerformance.RunAsync(context, cancellationToken);
        ReadySummary.Set(conditions, result, entity.Spec.Apply ?? ApplyMode.Auto);

        var status = context.Status;
        status.ObservedGeneration = entity.Metadata.Generation;
        status.Conditions = conditions.ToList(ReadySummary.Order, "NotReached", "An earlier condition stands in the way.");
        await writer.PatchStatusAsync(entity, e => e.Status = status, cancellationToken);
        await events.PublishAsync(context, cancellationToken);
        logger.LogInformation("Reconciled {Namespace}/{Name}: {Strategy}, ready {Ready} ({Reason})", entity.Metadata.NamespaceProperty, entity.Metadata.Name, status.Strategy?.Summary, conditions[ConditionTypes.Ready]!.Status, conditions[ConditionTypes.Ready]!.Reason);
        return ReconciliationResult<LlmDeployment>.Success(entity, (result as StepResult.Wait ?? observed as StepResult.Wait)?.After ?? options.Value.ObservationInterval);
    }

    /// <summary>Nothing to do: every object that we made has an owner reference and goes by itself.</summary>
    public Task<ReconciliationResult<LlmDeployment>> DeletedAsync(LlmDeployment entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<LlmDeployment>.Success(entity));

    private async Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        if (context.Resource.Metadata.Name.Length > WorkloadNames.LongestName)
        {
            return new StepResult.Stalled("NameTooLong", $"metadata.name has {context.Resource.Metadata.Name.Length} characters, and at most {WorkloadNames.LongestName} are possible since a Service is named after it; apply it under a shorter name.");
        }

        foreach (var step in (IReadOnlyList<IReconcileStep>)[resolveNode, resolveModel, resolveKnowledge, resolveAssumptions, planStrategy, applyWorkload])
        {
            var result = await step.RunAsync(context, cancellationToken);
            if (result is not StepResult.Continue)
            {
                return result;
            }
        }

        return StepResult.Next;
    }
}
