using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Leanserve.Api.Schema;

namespace Leanserve.Api;

/// <summary>What the user wants served, on what, for whom.</summary>
[CelRule("(has(self.apply) && self.apply == 'PlanOnly') || has(self.model.source)", RuleSentences.AutoNeedsModelSource)]
[CelRule(
    "(has(self.apply) && self.apply == 'PlanOnly') || !has(self.knowledge) || (has(self.knowledge.sources) && size(self.knowledge.sources) > 0)",
    RuleSentences.AutoNeedsKnowledgeSources)]
[CelRule(
    "!has(self.strategy) || !has(self.strategy.knowledge) || !(self.strategy.knowledge in ['Cag', 'Rag']) || has(self.knowledge)",
    RuleSentences.PinNeedsKnowledge)]
[CelRule(
    "!has(self.strategy) || !has(self.strategy.decoding) || self.strategy.decoding != 'Sampling' || !has(self.objectives)"
    + " || !has(self.objectives.answerQuality) || self.objectives.answerQuality != 'RequireExact'",
    RuleSentences.SamplingIsNotExact)]
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

    /// <summary>Prices of hardware and electricity, and the carbon of the grid, where they differ from what the planner assumes.</summary>
    public CostSpec? Cost { get; set; }

    /// <summary>Pins a strategy instead of letting the operator choose; a pinned choice is still scored against the best.</summary>
    public StrategySpec? Strategy { get; set; }

    /// <summary>Bounds on the number of replicas.</summary>
    public ScalingSpec? Scaling { get; set; }

    /// <summary>Overrides of the planner's constants by name, as decimal strings; `leanserve plan --explain` lists names and bounds.</summary>
    [MaxLength(64)]
    [DecimalString]
    public IDictionary<string, string>? Assumptions { get; set; }

    /// <summary>ConfigMaps of the same namespace whose data override the planner's constants, for many deployments at once; of two that name a constant the later wins, and `assumptions` over both.</summary>
    [MaxLength(8)]
    public IList<AssumptionsSourceSpec>? AssumptionsFrom { get; set; }

    /// <summary>Auto runs the chosen strategy; PlanOnly plans and reports but creates nothing.</summary>
    [DefaultValue(ApplyMode.Auto)]
    public ApplyMode? Apply { get; set; }
}
