namespace Leanserve.Planner;

/// <summary>Expertise, from least to most; a strategy's parts each need one of these levels.</summary>
public enum ExpertiseLevel
{
    Generalist,
    Platform,
    MachineLearning,
    Research,
}

/// <summary>Who will look after the deployment.</summary>
public sealed record Team
{
    public int Engineers { get; init; } = 2;

    /// <summary>The highest expertise in the team.</summary>
    public ExpertiseLevel Expertise { get; init; } = ExpertiseLevel.Generalist;

    /// <summary>What an engineer's hour costs, in US dollars.</summary>
    public double HourlyCostUsd { get; init; } = 75;
}
