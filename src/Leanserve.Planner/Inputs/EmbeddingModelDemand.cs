namespace Leanserve.Planner;

/// <summary>An embedding model; it runs on the node's CPU, on GPU nodes too.</summary>
/// <param name="WeightsBytes">Bytes of its weights.</param>
/// <param name="Dimensions">Length of its vectors.</param>
public readonly record struct EmbeddingModelDemand(long WeightsBytes, int Dimensions);
