namespace Leanserve.Planner;

/// <summary>One change of the input that would make the deployment feasible.</summary>
/// <param name="Kind">What changes: Pins, Precision, Replicas, Objectives, Decoding, Documents, Traffic or Gpu.</param>
/// <param name="Message">The change as a sentence, with the number as it was tried and what would then be chosen.</param>
public sealed record FeasibleChange(string Kind, string Message);
