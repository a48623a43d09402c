namespace Leanserve.Planner;

/// <summary>Prices where they differ from the catalogue and the constants; null keeps those.</summary>
public sealed record Prices
{
    /// <summary>One GPU, or one CPU node, for one hour, in US dollars.</summary>
    public double? NodeUsdPerHour { get; init; }

    public double? ElectricityUsdPerKilowattHour { get; init; }

    public double? GridGramsCo2PerKilowattHour { get; init; }
}
