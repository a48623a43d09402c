using k8s;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgents;

/// <summary>What all pods of one node share.</summary>
internal sealed class NodeServices(NodeAgentOptions options)
{
    public NodeAgentOptions Options => options;

    public IKubernetes Client => options.Client;

    public TimeProvider Time => options.Time;

    public ObjectReader Objects { get; } = new(options.Client, options.Time);

    public EventRecorder Events { get; } = new(options.Client, options.NodeName, options.Time);

    public GpuAllocator Gpus { get; } = new(options.Capacity.GpuCount);

    public string? DotnetRoot { get; } = DotnetLocation.OutsideUsr();

    public ILogger Logger { get; } = options.LoggerFactory.CreateLogger($"node-agent.{options.NodeName}");

    public string HostAddress => options.Network.HostAddress.ToString();
}
