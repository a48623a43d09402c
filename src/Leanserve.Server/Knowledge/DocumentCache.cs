using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Server.Knowledge;

/// <summary>Keeps the documents' keys and values in the engine under CAG; does nothing in the other modes.</summary>
public sealed class DocumentCache(InferenceEngine engine)
{
    /// <summary>Computes the documents beside whatever else runs.</summary>
    /// <exception cref="RequestRefusedException">They do not fit beside what is cached already.</exception>
    public Task LoadAsync(KnowledgeBase knowledge, CancellationToken cancellationToken) =>
        IsCached(knowledge) ? engine.PreloadAsync(NameOf(knowledge), knowledge.Everything.Opening, cancellationToken) : Task.CompletedTask;

    /// <summary>Gives the documents' slots up.</summary>
    public Task UnloadAsync(KnowledgeBase knowledge) => IsCached(knowledge) ? engine.UnloadAsync(NameOf(knowledge)) : Task.CompletedTask;

    private static bool IsCached(KnowledgeBase knowledge) => knowledge is { Mode: KnowledgeMode.Cag, Everything.HasDocuments: true };

    // Two states of the documents are cached side by side while one takes the other's place.
    private static string NameOf(KnowledgeBase knowledge) => $"documents {knowledge.ContentHash}";
}
