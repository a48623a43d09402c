using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Operator.Conditions;
using Leanserve.Operator.Observe;
using Leanserve.Planner;
using Leanserve.Translation.Cluster;

namespace Leanserve.Operator.Reconcile;

/// <summary>What the steps of one reconcile know so far. Each step adds its own part and reads those before it.</summary>
/// <param name="resource">The resource, as cached.</param>
/// <param name="conditions">The conditions that the steps set.</param>
public sealed class ReconcileContext(LlmDeployment resource, ConditionSet conditions)
{
    private readonly List<StepResult.Wait> _blockers = [];

    public LlmDeployment Resource { get; } = resource;

    public ConditionSet Conditions { get; } = conditions;

    /// <summary>The status under construction; conditions are added at the end.</summary>
    public LlmDeploymentStatus Status { get; } = new();

    /// <summary>What the ready pods say about themselves, as read when the reconcile began.</summary>
    public IReadOnlyList<PodPage> Pages { get; init; } = [];

    /// <summary>Nodes that could run a replica (ResolveNode).</summary>
    public NodeMatch? Nodes { get; set; }

    /// <summary>What was measured of the model and the documents (ResolveModel).</summary>
    public Inspection Inspection { get; set; } = Inspection.None;

    /// <summary>Tokens of the documents, as well as they are known (ResolveKnowledge); null where nothing is known.</summary>
    public long? KnowledgeTokens { get; set; }

    /// <summary>Hash over the documents that the pods are to hold (ResolveKnowledge).</summary>
    public string KnowledgeHash { get; set; } = "none";

    /// <summary>Data of the ConfigMaps that override the planner's constants, by name (ResolveAssumptions).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> AssumptionMaps { get; set; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>The plan in force (PlanStrategy).</summary>
    public DeploymentPlan? Plan { get; set; }

    /// <summary>What stands in the way of running the plan, though not of making it.</summary>
    public IReadOnlyList<StepResult.Wait> Blockers => _blockers;

    /// <summary>Lets planning go on, but keeps pods from being made or changed until this is gone.</summary>
    public void Block(string reason, string message, TimeSpan after) => _blockers.Add(new StepResult.Wait(reason, message, after));

    /// <summary>The measured report, or null while nothing was measured.</summary>
    public InspectionReport? Report => Inspection.Report;
}
