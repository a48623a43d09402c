namespace Leanserve.Server.OpenAi;

/// <summary>A rule that a request breaks.</summary>
/// <param name="Param">The member as the client wrote it, such as <c>messages[2].role</c>; null for the body as a whole.</param>
/// <param name="Message">The offending value, the rule and the remedy, in one sentence.</param>
public sealed record RequestViolation(string? Param, string Message);
