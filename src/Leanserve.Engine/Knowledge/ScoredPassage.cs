namespace Leanserve.Engine.Knowledge;

/// <summary>A passage that a query found.</summary>
/// <param name="Passage">The passage.</param>
/// <param name="Score">BM25 score, cosine or fused rank score, by how it was found; greater is better, comparable within one query only.</param>
public sealed record ScoredPassage(Passage Passage, double Score);
