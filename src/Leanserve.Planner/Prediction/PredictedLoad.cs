namespace Leanserve.Planner;

/// <summary>What a load would see.</summary>
/// <param name="TimeToFirstTokenSeconds">Median; where saturated, no steady value exists, and this is the wait for one full round of answers.</param>
/// <param name="InterTokenSeconds">Mean; where saturated, with all places taken.</param>
/// <param name="Saturated">True where requests arrive faster than they can be answered.</param>
public readonly record struct PredictedLoad(double TimeToFirstTokenSeconds, double InterTokenSeconds, bool Saturated);
