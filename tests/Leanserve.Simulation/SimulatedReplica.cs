using Leanserve.Planner;

namespace Leanserve.Simulation;

/// <summary>What the simulator knows of a replica: the cost of a step, and the limits of its scheduler.</summary>
/// <param name="Cost">The physics that the planner uses too.</param>
/// <param name="Shape">What its requests share; each brings its own prompt and answer length.</param>
/// <param name="MaxConcurrentRequests">Requests in service at most.</param>
/// <param name="MaxQueuedRequests">Requests that may wait; one more is refused.</param>
public sealed record SimulatedReplica(EngineCost Cost, RequestShape Shape, int MaxConcurrentRequests, int MaxQueuedRequests);
