namespace Leanserve.Planner;

/// <summary>Overhead-Aware Efficiency (arXiv 2511.20662) as a number, with its parts.</summary>
public sealed record OaeAssessment
{
    /// <summary>Good share × (cheapest bare hardware / all-in cost), in (0, 1].</summary>
    public required double Score { get; init; }

    public required MonthlyCost Cost { get; init; }

    public required double UsdPerMillionTokens { get; init; }

    /// <summary>Engineer-weeks until the strategy runs, for this team.</summary>
    public required double AdoptionEngineerWeeks { get; init; }

    public required double OperationsHoursPerMonth { get; init; }

    /// <summary>Share of requests within the objectives in each scenario.</summary>
    public required ScenarioShares Scenarios { get; init; }

    /// <summary>The worst scenario's share.</summary>
    public double Robustness => Scenarios.Worst;

    /// <summary>The answer's quality against the best known way to use the documents, in (0, 1].</summary>
    public required double AnswerQuality { get; init; }

    /// <summary>Levels of expertise that the team lacks; 0 when it has enough.</summary>
    public required int TalentGap { get; init; }

    public required double JoulesPerToken { get; init; }

    public required double GramsCo2PerMillionTokens { get; init; }
}

/// <summary>Monthly cost in US dollars; the parts add up to the total.</summary>
public sealed record MonthlyCost
{
    public required double HardwareUsd { get; init; }

    public required double EnergyUsd { get; init; }

    public required double CarbonUsd { get; init; }

    /// <summary>Adoption, spread over the horizon.</summary>
    public required double AdoptionUsd { get; init; }

    public required double OperationsUsd { get; init; }

    /// <summary>Fees of external services.</summary>
    public required double ServicesUsd { get; init; }

    public double TotalUsd => HardwareUsd + EnergyUsd + CarbonUsd + AdoptionUsd + OperationsUsd + ServicesUsd;
}

/// <summary>Share of requests within the objectives, in [0, 1], in the five scenarios that robustness is judged on.</summary>
/// <param name="Nominal">The stated load.</param>
/// <param name="Burst">The load times the burst factor.</param>
/// <param name="NoisyInput">Prompts half as long again, with a heavy tail.</param>
/// <param name="CommodityHardware">Bandwidth and arithmetic rate times 0.7.</param>
/// <param name="KnowledgeChange">The cache or index is rebuilt while serving.</param>
public sealed record ScenarioShares(double Nominal, double Burst, double NoisyInput, double CommodityHardware, double KnowledgeChange)
{
    public double Mean => (Nominal + Burst + NoisyInput + CommodityHardware + KnowledgeChange) / 5;

    public double Worst => Math.Min(Math.Min(Math.Min(Nominal, Burst), Math.Min(NoisyInput, CommodityHardware)), KnowledgeChange);
}
