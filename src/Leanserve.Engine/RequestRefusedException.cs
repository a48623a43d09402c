namespace Leanserve.Engine;

/// <summary>The request can never run here; the message gives each offending number, the limit and the remedy, one sentence for each.</summary>
public sealed class RequestRefusedException(string message) : Exception(message);
