using Leanserve.Engine.Knowledge;

namespace Leanserve.Server.OpenAi;

/// <summary>One knowledge source as it was at one moment.</summary>
public sealed record KnowledgeSourceBody(string Name, int Documents, string ContentHash)
{
    public static KnowledgeSourceBody Of(KnowledgeFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new KnowledgeSourceBody(folder.Name, folder.Documents.Count, folder.ContentHash);
    }
}
