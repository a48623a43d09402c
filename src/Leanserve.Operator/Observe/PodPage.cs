namespace Leanserve.Operator.Observe;

/// <summary>What a ready pod says about itself.</summary>
/// <param name="Pod">The pod's name.</param>
/// <param name="Text">Its metrics in Prometheus' text format; null where they could not be read.</param>
public sealed record PodPage(string Pod, string? Text)
{
    private const string KnowledgeInfo = "leanserve_knowledge_info";

    /// <summary>Whether new requests to the pod are answered from this state of a knowledge source.</summary>
    public bool Serves(string source, string contentHash) =>
        Text is not null && PrometheusText.Has(Text, KnowledgeInfo, ("source", source), ("hash", contentHash));
}
