namespace Leanserve.Benchmarks;

/// <summary>One measured number, side by side with what it is compared to.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">Median of the runs.</param>
/// <param name="Unit">Such as ms or tokens/s.</param>
/// <param name="Baseline">The same for the comparison, or null where there is none.</param>
/// <param name="Ratio">How many times better than the baseline, or null.</param>
/// <param name="Hardware">Processor, threads used, load of the machine while it ran.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Baseline, double? Ratio, string Hardware);
