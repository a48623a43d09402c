namespace Leanserve.Cli.Eval.Targets;

/// <summary>A strategy cannot be served over these documents, such as a corpus larger than the context; the message says why.</summary>
internal sealed class EvalTargetException(string message) : Exception(message);
