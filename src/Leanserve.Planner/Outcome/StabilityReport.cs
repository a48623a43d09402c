namespace Leanserve.Planner;

/// <summary>Whether the choice survives halving and doubling each constant of people's effort and each efficiency factor that counts for the input.</summary>
/// <param name="Trials">Changed constants tried, one at a time.</param>
/// <param name="Changes">The trials that changed the choice, each with its winner; empty when the choice is stable.</param>
public sealed record StabilityReport(int Trials, IReadOnlyList<string> Changes)
{
    public bool Stable => Changes.Count == 0;

    /// <summary>The report in a sentence.</summary>
    public string Message => Stable
        ? $"The choice survives halving and doubling each of the constants of effort and efficiency ({Trials} trials)."
        : $"{Changes.Count} of {Trials} trials with halved or doubled constants change it: {string.Join("; ", Changes)}.";
}
