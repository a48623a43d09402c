namespace Leanserve.Engine.Knowledge;

/// <summary>A piece of a document that retrieval finds and cites.</summary>
/// <param name="Source">The document: see <see cref="KnowledgeDocument.Source"/>.</param>
/// <param name="Number">Position among the document's passages, from 0.</param>
/// <param name="Heading">Headings above the passage, outermost first, joined by <c> &gt; </c>; empty where there are none.</param>
/// <param name="Offset">First character in the document's text (UTF-16 units).</param>
/// <param name="Text">The document's text from <paramref name="Offset"/> on, unchanged.</param>
/// <param name="Tokens">Tokens of <paramref name="Text"/> by the model's tokenizer.</param>
/// <param name="Page">The page that it begins on, from 1; null for a document without pages.</param>
public sealed record Passage(string Source, int Number, string Heading, int Offset, string Text, int Tokens, int? Page = null);
