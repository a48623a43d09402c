using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Derives a pod's status from its containers, by kubelet's rules.</summary>
/// <param name="previous">The status written last; its transition times are kept where nothing flipped.</param>
internal sealed class PodStatusBuilder(
    V1Pod pod, IReadOnlyList<ContainerRunner> initRunners, IReadOnlyList<ContainerRunner> runners, V1PodStatus? previous, DateTime now)
{
    private readonly IReadOnlyList<ContainerSnapshot> _inits = [.. initRunners.Select(runner => runner.Snapshot)];
    private readonly IReadOnlyList<ContainerSnapshot> _containers = [.. runners.Select(runner => runner.Snapshot)];

    private bool InitsDone => _inits.All(init => init.State.Terminated?.ExitCode == 0);

    /// <param name="failure">Why the agent itself ended the pod; null where it did not.</param>
    public V1PodStatus Build(string address, string hostAddress, DateTime startTime, (string Reason, string Message)? failure)
    {
        var phase = failure is null ? Phase() : "Failed";
        return new V1PodStatus
        {
            Phase = phase,
            Reason = failure?.Reason,
            Message = failure?.Message,
            HostIP = hostAddress,
            PodIP = address.Length == 0 ? null : address,
            PodIPs = address.Length == 0 ? null : [new V1PodIP { Ip = address }],
            StartTime = startTime,
            QosClass = previous?.QosClass,
            Conditions = [Initialized(), .. Readiness(phase)],
            InitContainerStatuses = initRunners.Count == 0 ? null : [.. initRunners.Zip(_inits, Status)],
            ContainerStatuses = [.. runners.Zip(_containers, Status)]
        };
    }

    private string Phase()
    {
        var policy = pod.Spec.RestartPolicy;
        if (!InitsDone)
        {
            return policy == "Never" && _inits.Any(init => init.State.Terminated is { ExitCode: not 0 }) ? "Failed" : "Pending";
        }

        if (_containers.Any(container => !container.IsRunning && container.Ended is null))
        {
            return "Pending";
        }

        if (policy == "Always" || _containers.Any(container => container.IsRunning))
        {
            return "Running";
        }

        return _containers.All(container => container.Ended?.ExitCode == 0) ? "Succeeded" : policy == "Never" ? "Failed" : "Running";
    }

    private V1PodCondition Initialized()
    {
        var incomplete = initRunners.Zip(_inits).Where(pair => pair.Second.State.Terminated?.ExitCode != 0).Select(pair => pair.First.Container.Name).ToList();
        return incomplete.Count == 0
            ? Condition("Initialized", true, null, null)
            : Condition("Initialized", false, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', incomplete)}]");
    }

    private IEnumerable<V1PodCondition> Readiness(string phase)
    {
        var unready = runners.Zip(_containers).Where(pair => !pair.Second.Ready).Select(pair => pair.First.Container.Name).ToList();
        var (ready, reason, message) = phase switch
        {
            "Succeeded" => (false, "PodCompleted", null),
            "Failed" => (false, "PodFailed", null),
            _ when unready.Count > 0 => (false, "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]"),
            _ => (true, (string?)null, (string?)null)
        };
        yield return Condition("ContainersReady", ready, reason, message);
        yield return MissingGate() is { } gate && ready
            ? Condition("Ready", false, "ReadinessGatesNotReady", $"corresponding condition of pod readiness gate \"{gate}\" is not true")
            : Condition("Ready", ready, reason, message);
    }

    private string? MissingGate() => (pod.Spec.ReadinessGates ?? []).Select(gate => gate.ConditionType)
        .FirstOrDefault(type => pod.Status?.Conditions?.Any(condition => condition.Type == type && condition.Status == "True") != true);

    private V1PodCondition Condition(string type, bool value, string? reason, string? message)
    {
        var status = value ? "True" : "False";
        var before = previous?.Conditions?.FirstOrDefault(condition => condition.Type == type);
        return new V1PodCondition
        {
            Type = type, Status = status, Reason = reason, Message = message,
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : now
        };
    }

    private static V1ContainerStatus Status(ContainerRunner runner, ContainerSnapshot snapshot) => new()
    {
        Name = runner.Container.Name,
        Image = runner.Container.Image,
        ImageID = snapshot.ImageId,
        ContainerID = snapshot.ContainerId.Length == 0 ? null : snapshot.ContainerId,
        State = snapshot.State,
        LastState = snapshot.LastState ?? new V1ContainerState(),
        Ready = snapshot.Ready,
        Started = snapshot.Started,
        RestartCount = snapshot.RestartCount
    };
}
