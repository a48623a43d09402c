using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>One stored form of the model's weights.</summary>
/// <param name="Precision">How matrix weights are stored.</param>
/// <param name="WeightsBytes">Measured bytes of the model's files; null computes them from the geometry.</param>
public sealed record WeightVariant(WeightPrecision Precision, long? WeightsBytes = null);
