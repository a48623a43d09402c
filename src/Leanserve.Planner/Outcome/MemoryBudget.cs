namespace Leanserve.Planner;

/// <summary>Memory of one replica, in bytes.</summary>
public sealed record MemoryBudget
{
    /// <summary>The model's weights as they lie in memory (a draft or second model included).</summary>
    public required long WeightsBytes { get; init; }

    /// <summary>The documents' KV cache with room to grow, once a replica, shared by its requests.</summary>
    public long KnowledgeKvBytes { get; init; }

    /// <summary>Room in which changed documents are computed while the former ones are served; 0 where there is none, and requests wait for a change.</summary>
    public long RefreshKvBytes { get; init; }

    /// <summary>KV slots of concurrent requests and their beams.</summary>
    public long RequestKvBytes { get; init; }

    /// <summary>The runtime itself: context, arena, activations.</summary>
    public long RuntimeBytes { get; init; }

    /// <summary>What a replica may fill.</summary>
    public required long AvailableBytes { get; init; }

    public long TotalBytes => WeightsBytes + KnowledgeKvBytes + RefreshKvBytes + RequestKvBytes + RuntimeBytes;
}
