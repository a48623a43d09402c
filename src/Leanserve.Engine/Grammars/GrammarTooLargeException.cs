namespace Leanserve.Engine.Grammars;

/// <summary>A grammar has more nodes than <see cref="GrammarBuilder.MaxNodes"/>.</summary>
internal sealed class GrammarTooLargeException : Exception;
