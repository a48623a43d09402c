using System.Runtime.InteropServices;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Builds the Node object and its status from the agent's options.</summary>
/// <param name="logPort">Where the agent serves logs.</param>
internal sealed class NodeObjectBuilder(NodeAgentOptions options, int logPort)
{
    private const string KubeletVersion = "v1.20.2-leanserve";
    private readonly DateTime _startedAt = options.Time.GetUtcNow().UtcDateTime;

    public V1Node Node() => new()
    {
        Metadata = new V1ObjectMeta { Name = options.NodeName, Labels = Labels() },
        Spec = new V1NodeSpec { Taints = options.Taints.Count == 0 ? null : [.. options.Taints] }
    };

    public Dictionary<string, string> Labels()
    {
        var labels = new Dictionary<string, string>(options.Labels)
        {
            ["kubernetes.io/hostname"] = options.NodeName,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = Architecture()
        };
        return labels;
    }

    public V1NodeStatus Status(bool ready, DateTime now) => new()
    {
        Capacity = options.Capacity.ToResources(),
        Allocatable = options.Capacity.ToResources(),
        Addresses =
        [
            new V1NodeAddress { Type = "InternalIP", Address = options.Network.HostAddress.ToString() },
            new V1NodeAddress { Type = "Hostname", Address = options.NodeName }
        ],
        DaemonEndpoints = new V1NodeDaemonEndpoints { KubeletEndpoint = new V1DaemonEndpoint { Port = logPort } },
        Conditions =
        [
            Condition("Ready", ready, ready ? "KubeletReady" : "NodeAgentStopped", ready ? "the node agent runs local processes" : "the node agent has stopped", now),
            Condition("MemoryPressure", false, "KubeletHasSufficientMemory", "not watched on this node", now),
            Condition("DiskPressure", false, "KubeletHasNoDiskPressure", "not watched on this node", now),
            Condition("PIDPressure", false, "KubeletHasSufficientPID", "not watched on this node", now)
        ],
        NodeInfo = new V1NodeSystemInfo
        {
            Architecture = Architecture(),
            OperatingSystem = "linux",
            OsImage = RuntimeInformation.OSDescription,
            KernelVersion = Environment.OSVersion.Version.ToString(),
            KubeletVersion = KubeletVersion,
            KubeProxyVersion = KubeletVersion,
            ContainerRuntimeVersion = "bubblewrap://local",
            BootID = "",
            MachineID = "",
            SystemUUID = ""
        }
    };

    private V1NodeCondition Condition(string type, bool value, string reason, string message, DateTime now) => new()
    {
        Type = type,
        Status = value ? "True" : "False",
        Reason = reason,
        Message = message,
        LastHeartbeatTime = now,
        // Ready flips only when the agent starts and when it stops.
        LastTransitionTime = type == "Ready" && !value ? now : _startedAt
    };

    private static string Architecture() => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        var other => other.ToString().ToLowerInvariant()
    };
}
