namespace Leanserve.Planner;

/// <summary>What a technique changes about the weights' roofline, as factors of the plain model's.</summary>
public sealed record CostVariation
{
    public static CostVariation None { get; } = new();

    /// <summary>Multiply-adds of a token.</summary>
    public double Arithmetic { get; init; } = 1;

    /// <summary>Weights in all.</summary>
    public double Weights { get; init; } = 1;

    /// <summary>Experts of a mixture, of which a step reads those that its tokens are routed to; 0 without a mixture.</summary>
    public double Experts { get; init; }

    public double ExpertsPerToken { get; init; }

    /// <summary>Weights read in a step of so many tokens: of E experts, B tokens with k each touch E·(1 − (1 − k/E)^B) on average.</summary>
    public double WeightsRead(double tokens) =>
        Experts > 0 ? Weights * (1 - Math.Pow(1 - (ExpertsPerToken / Experts), tokens)) : Weights;
}
