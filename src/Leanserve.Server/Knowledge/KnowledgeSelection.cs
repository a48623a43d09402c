namespace Leanserve.Server.Knowledge;

/// <summary>Some of the sources, as they open a prompt.</summary>
/// <param name="Sources">Their names, in the order of the configuration.</param>
/// <param name="Documents">All documents as text under Dense and CAG; empty under RAG.</param>
/// <param name="Opening">The tokens that every prompt over these documents starts with.</param>
public sealed record KnowledgeSelection(IReadOnlyList<string> Sources, string Documents, IReadOnlyList<int> Opening)
{
    /// <summary>Whether the opening left its turn open behind documents.</summary>
    public bool HasDocuments => Documents.Length > 0;
}
