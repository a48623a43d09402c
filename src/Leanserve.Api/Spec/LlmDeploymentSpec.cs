using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Leanserve.Api;

/// <summary>What the user wants served, on what, for whom.</summary>
public sealed class LlmDeploymentSpec
{
    /// <summary>The model to serve.</summary>
    [Required]
    public ModelSpec Model { get; set; } = new();

    /// <summary>The machine that each replica runs on.</summary>
    [Required]
    public NodeSpec Node { get; set; } = new();

    /// <summary>The expected load.</summary>
    [Required]
    public TrafficSpec Traffic { get; set; } = new();

    /// <summary>What good means: latency and answer quality.</summary>
    public ObjectivesSpec? Objectives { get; set; }

    /// <summary>The documents that answers should draw on. Absent: the model answers from its weights alone.</summary>
    public KnowledgeSpec? Knowledge { get; set; }

    /// <summary>Who will look after the deployment.</summary>
    public TeamSpec? Team { get; set; }

    /// <summary>Prices of hardware, electricity and carbon, where they differ from the catalogue.</summary>
    public CostSpec? Cost { get; set; }

    /// <summary>Pins a strategy instead of letting the operator choose; a pinned choice is still scored against the best.</summary>
    public StrategySpec? Strategy { get; set; }

    /// <summary>Bounds on the number of replicas.</summary>
    public ScalingSpec? Scaling { get; set; }

    /// <summary>Overrides of the planner's constants by name, as decimal strings; `leanserve plan --explain` lists the names.</summary>
    [MaxLength(64)]
    public IDictionary<string, string>? Assumptions { get; set; }

    /// <summary>Auto runs the chosen strategy; PlanOnly plans and reports but creates nothing.</summary>
    [DefaultValue(ApplyMode.Auto)]
    public ApplyMode? Apply { get; set; }
}
