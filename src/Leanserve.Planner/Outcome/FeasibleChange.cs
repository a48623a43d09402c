namespace Leanserve.Planner;

/// <summary>One change of the input that would make the deployment feasible.</summary>
/// <param name="Kind">What changes: Precision, Gpu, Replicas, Documents, Traffic, Objectives, Decoding, Knowledge.</param>
/// <param name="Message">The change as a sentence with its number and what would then be chosen.</param>
public sealed record FeasibleChange(string Kind, string Message);
