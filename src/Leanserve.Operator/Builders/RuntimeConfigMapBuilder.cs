using System.Text.Json;
using k8s.Models;
using Leanserve.Contracts;

namespace Leanserve.Operator.Builders;

/// <summary>The ConfigMap with <c>runtime.json</c>: all that the operator decided, in one file.</summary>
public static class RuntimeConfigMapBuilder
{
    public static V1ConfigMap Build(Workload workload) => new()
    {
        ApiVersion = V1ConfigMap.KubeApiVersion,
        Kind = V1ConfigMap.KubeKind,
        Metadata = WorkloadNames.Owned(workload.Resource, WorkloadNames.Runtime(workload.Resource), WorkloadNames.ServerComponent),
        Data = new Dictionary<string, string> { [WorkloadNames.ConfigFile] = Json(workload.Runtime) },
    };

    public static string Json(RuntimeConfig config) => JsonSerializer.Serialize(config, RuntimeConfig.Json) + "\n";
}
