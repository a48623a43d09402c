namespace Leanserve.Server.OpenAi;

/// <summary>One vector.</summary>
/// <param name="Object">Always <c>embedding</c>.</param>
/// <param name="Index">Place of its text in the request.</param>
/// <param name="Embedding">An array of numbers, or base64 of their little-endian floats.</param>
public sealed record EmbeddingBody(string Object, int Index, object Embedding);
