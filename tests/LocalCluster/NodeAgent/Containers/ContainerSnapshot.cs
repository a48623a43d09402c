using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>What is known of a container at one moment; the source of its status.</summary>
internal sealed record ContainerSnapshot
{
    public required V1ContainerState State { get; init; }

    public V1ContainerState? LastState { get; init; }

    public int RestartCount { get; init; }

    /// <summary>The startup probe has succeeded, or there is none and the container runs.</summary>
    public bool Started { get; init; }

    public bool Ready { get; init; }

    /// <summary>As the container runtime would name this run.</summary>
    public string ContainerId { get; init; } = "";

    public string ImageId { get; init; } = "";

    public bool IsRunning => State.Running is not null;

    /// <summary>The end of the newest run, where none runs now: also while a restart is awaited.</summary>
    public V1ContainerStateTerminated? Ended => State.Terminated ?? (State.Waiting is null ? null : LastState?.Terminated);

    public static V1ContainerState Waiting(string reason, string? message = null) => new() { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } };
}
