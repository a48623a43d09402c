using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Leanserve.Api.Schema;

namespace Leanserve.Api;

/// <summary>Who will look after the deployment.</summary>
public sealed class TeamSpec
{
    /// <summary>Engineers who share the work.</summary>
    [Range(1, 1000)]
    [DefaultValue(SpecDefaults.Engineers)]
    public int? Engineers { get; set; }

    /// <summary>The highest expertise in the team.</summary>
    [DefaultValue(TeamExpertise.Generalist)]
    public TeamExpertise? Expertise { get; set; }

    /// <summary>What an engineer's hour costs, in US dollars, as a decimal string.</summary>
    [DecimalString]
    [DefaultValue(SpecDefaults.HourlyCost)]
    public string? HourlyCost { get; set; }
}

/// <summary>Prices and the carbon of the grid, where they differ from what the planner assumes.</summary>
public sealed class CostSpec
{
    /// <summary>US dollars for one GPU (or, for gpu: None, one node) for one hour, as a decimal string; of an owned machine its price divided by the hours of its life.</summary>
    [DecimalString]
    [CelRule("double(self) > 0.0", RuleSentences.HardwareCostsSomething)]
    public string? GpuHourly { get; set; }

    /// <summary>US dollars for a kilowatt-hour, as a decimal string.</summary>
    [DecimalString]
    public string? ElectricityPerKilowattHour { get; set; }

    /// <summary>Grams of CO2-equivalent for a kilowatt-hour of the grid.</summary>
    [Range(0, 5000)]
    public int? GridGramsCo2PerKilowattHour { get; set; }
}

/// <summary>Pins a strategy.</summary>
public sealed class StrategySpec
{
    /// <summary>How documents reach the model.</summary>
    [DefaultValue(KnowledgeStrategy.Auto)]
    public KnowledgeStrategy? Knowledge { get; set; }

    /// <summary>How tokens are chosen.</summary>
    [DefaultValue(DecodingStrategy.Auto)]
    public DecodingStrategy? Decoding { get; set; }
}

/// <summary>Bounds on the number of replicas.</summary>
[CelRule("!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas", RuleSentences.ReplicasOrdered)]
public sealed class ScalingSpec
{
    /// <summary>Fewest replicas.</summary>
    [Range(1, 100)]
    [DefaultValue(SpecDefaults.MinReplicas)]
    public int? MinReplicas { get; set; }

    /// <summary>Most replicas.</summary>
    [Range(1, 100)]
    [DefaultValue(SpecDefaults.MaxReplicas)]
    public int? MaxReplicas { get; set; }
}
