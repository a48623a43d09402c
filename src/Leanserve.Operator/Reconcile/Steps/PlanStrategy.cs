using Leanserve.Api;
using Leanserve.Planner;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reporting;
using Leanserve.Translation.Validation;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Chooses the strategy from what is stated and what was measured.</summary>
public sealed class PlanStrategy : IReconcileStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken) => Task.FromResult(Run(context));

    private static StepResult Run(ReconcileContext context)
    {
        var resource = context.Resource;
        var request = PlanInputFactory.Create(resource, Facts(context));
        if (request.Input is null)
        {
            return Refuse(context, string.Join(' ', request.Violations));
        }

        var plan = DeploymentPlanner.Plan(request.Input);
        context.Plan = plan;
        StatusWriter.Write(context.Status, resource.Spec, plan);
        Judge(context.Conditions, plan);
        if (plan.Selected is null)
        {
            context.Conditions.False(ConditionTypes.Planned, "Infeasible", plan.Summary);
            return new StepResult.Stalled("Infeasible", plan.Summary);
        }

        // A stated value that a measurement contradicts is said where the user looks first.
        context.Conditions.True(ConditionTypes.Planned, "StrategyChosen", string.Join(' ', [plan.Summary, .. request.Contradictions]));
        return StepResult.Next;
    }

    // Rules that are broken need the user; figures that are merely not known yet arrive with an inspection or a node.
    private static StepResult Refuse(ReconcileContext context, string message)
    {
        if (LlmDeploymentRules.Check(context.Resource).Count > 0)
        {
            context.Conditions.False(ConditionTypes.Planned, "InvalidSpec", message);
            return new StepResult.Stalled("InvalidSpec", message);
        }

        var cause = context.Blockers is [var blocker, ..] ? blocker : new StepResult.Wait("NotYetKnown", message, LookAgain);
        context.Conditions.Unknown(ConditionTypes.Planned, cause.Reason, $"{message} {cause.Message}");
        return cause;
    }

    private static void Judge(Conditions.ConditionSet conditions, DeploymentPlan plan)
    {
        foreach (var (type, finding) in ((string, PlanFinding?)[])
            [
                (ConditionTypes.AdoptionAffordable, plan.AdoptionAffordable),
                (ConditionTypes.RobustUnderConstraints, plan.RobustUnderConstraints),
                (ConditionTypes.TalentSufficient, plan.TalentSufficient),
            ])
        {
            if (finding is { Holds: true })
            {
                conditions.True(type, finding.Reason, finding.Message);
            }
            else if (finding is not null)
            {
                conditions.False(type, finding.Reason, finding.Message);
            }
        }
    }

    private static MeasuredFacts Facts(ReconcileContext context) => new()
    {
        Model = context.Report is { Geometry: { } geometry, Precision: { } precision, WeightsBytes: { } bytes } ? new ModelFacts(geometry, precision, bytes) : null,
        AssumptionMaps = context.AssumptionMaps,
        KnowledgeTokens = context.Resource.Spec.Knowledge is null ? null : context.KnowledgeTokens,
        EmbeddingModel = context.Report?.EmbeddingModel is { } embedding ? new EmbeddingModelFacts(embedding.WeightsBytes, embedding.Dimensions) : null,
        Node = context.Nodes?.ToFacts(),
    };
}
