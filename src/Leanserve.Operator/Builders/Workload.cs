using Leanserve.Api;
using Leanserve.Contracts;

namespace Leanserve.Operator.Builders;

/// <summary>All that the builders need to render one deployment's objects: decided before, nothing read here.</summary>
public sealed record Workload
{
    public required LlmDeployment Resource { get; init; }

    /// <summary>What the pods are told to do.</summary>
    public required RuntimeConfig Runtime { get; init; }

    public required string Image { get; init; }

    public required int Replicas { get; init; }

    /// <summary>Whether a pod runs on a GPU, one of its own.</summary>
    public required bool UsesGpu { get; init; }

    /// <summary>Memory of one pod: what the planner predicted, to the byte.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Thousandths of a core that one pod asks for.</summary>
    public required int CpuMillicores { get; init; }

    /// <summary>Labels that the node must carry.</summary>
    public required IReadOnlyDictionary<string, string> NodeSelector { get; init; }

    /// <summary>Product labels of which the node must carry one; empty on a CPU node.</summary>
    public required IReadOnlyList<string> GpuProducts { get; init; }

    /// <summary>Whether a node has room for one more pod during a roll. Without it the old pod must leave first.</summary>
    public required bool CanSurge { get; init; }

    /// <summary>Changes when the model does, and rolls the pods; changed documents are taken up by the pods that run.</summary>
    public required string ModelHash { get; init; }

    /// <summary>The operator's namespace, whose pods may read the runtime's metrics.</summary>
    public required string OperatorNamespace { get; init; }

    /// <summary>Collector that the pods send traces to over OTLP; null sends none.</summary>
    public Uri? TraceEndpoint { get; init; }
}
