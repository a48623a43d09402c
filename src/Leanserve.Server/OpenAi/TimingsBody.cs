namespace Leanserve.Server.OpenAi;

/// <summary>Where the time went, in milliseconds.</summary>
/// <param name="RetrievalMs">Search in the index.</param>
/// <param name="QueueMs">Waiting for admission.</param>
/// <param name="TtftMs">From submission to the first token that the client can see: for beam search, with the last one.</param>
/// <param name="PerTokenMs">Mean time between tokens after the first, as they were computed.</param>
/// <param name="TotalMs">From submission to the end.</param>
public sealed record TimingsBody(double RetrievalMs, double QueueMs, double TtftMs, double PerTokenMs, double TotalMs);
