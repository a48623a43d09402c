namespace Leanserve.Benchmarks.Prediction;

/// <summary>Seconds that forward passes are made of.</summary>
/// <param name="Reading">Reading all weights once.</param>
/// <param name="Token">Multiplying one token by all weights.</param>
/// <param name="Slot">Reading one cached slot.</param>
/// <param name="TokenSlot">One token's attention to one slot.</param>
internal sealed record StepTimes(double Reading, double Token, double Slot, double TokenSlot);
