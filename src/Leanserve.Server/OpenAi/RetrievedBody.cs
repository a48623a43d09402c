namespace Leanserve.Server.OpenAi;

/// <summary>One retrieved passage.</summary>
/// <param name="Source">The document.</param>
/// <param name="Passage">Number of the passage in the document, from 0.</param>
/// <param name="Heading">Headings above it.</param>
/// <param name="Offset">Its first character in the document.</param>
/// <param name="Score">BM25 score, cosine or fused rank score, by the mode of retrieval.</param>
/// <param name="Text">The passage itself.</param>
/// <param name="Page">The page that it begins on, from 1; absent for a document without pages.</param>
public sealed record RetrievedBody(string Source, int Passage, string Heading, int Offset, double Score, string Text, int? Page);
