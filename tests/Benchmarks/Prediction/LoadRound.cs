using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>One round's requests under one load.</summary>
/// <param name="Share">The load as a share of the predicted capacity.</param>
/// <param name="Samples">The answered requests.</param>
/// <param name="Predictions">What the plan says of them, by the machine's speed before and after.</param>
internal sealed record LoadRound(double Share, IReadOnlyList<TimedLoad.Sample> Samples, IReadOnlyList<LatencyPrediction> Predictions);
