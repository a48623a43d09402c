using k8s.Models;

namespace Leanserve.Operator.Builders;

/// <summary>The identity of the pods: a ServiceAccount of their own, with no token and no rights.</summary>
public static class ServiceAccountBuilder
{
    public static V1ServiceAccount Build(Workload workload) => new()
    {
        ApiVersion = V1ServiceAccount.KubeApiVersion,
        Kind = V1ServiceAccount.KubeKind,
        Metadata = WorkloadNames.Owned(workload.Resource, WorkloadNames.Runtime(workload.Resource), WorkloadNames.ServerComponent),
        AutomountServiceAccountToken = false,
    };
}

/// <summary>The stable address of the OpenAI-compatible API.</summary>
public static class ServiceBuilder
{
    public static V1Service Build(Workload workload) => new()
    {
        ApiVersion = V1Service.KubeApiVersion,
        Kind = V1Service.KubeKind,
        Metadata = WorkloadNames.Owned(workload.Resource, workload.Resource.Metadata.Name, WorkloadNames.ServerComponent),
        Spec = new V1ServiceSpec
        {
            Selector = WorkloadNames.Selector(workload.Resource),
            Ports =
            [
                new V1ServicePort
                {
                    Name = WorkloadNames.HttpPortName,
                    Port = workload.Runtime.Port,
                    TargetPort = WorkloadNames.HttpPortName,
                    Protocol = "TCP",
                },
            ],
        },
    };
}

/// <summary>Keeps all but one replica up while nodes are drained; of use from two replicas on.</summary>
public static class PodDisruptionBudgetBuilder
{
    /// <typeparam name="TBudget">The version that the API server serves; all have this shape.</typeparam>
    public static TBudget Build<TBudget>(Workload workload)
        where TBudget : V1PodDisruptionBudget, new() => new()
    {
        Metadata = WorkloadNames.Owned(workload.Resource, WorkloadNames.Runtime(workload.Resource), WorkloadNames.ServerComponent),
        Spec = new V1PodDisruptionBudgetSpec
        {
            MaxUnavailable = 1,
            Selector = new V1LabelSelector { MatchLabels = WorkloadNames.Selector(workload.Resource) },
        },
    };
}

/// <summary>Lets in the namespace's own pods, namespaces labelled as clients and the operator's metrics reader; lets nothing out but traces, where they are sent.</summary>
public static class NetworkPolicyBuilder
{
    /// <summary>Label of namespaces whose pods may ask, with the value <c>true</c>.</summary>
    public const string ClientLabel = "leanserve.io/client";

    private const int DnsPort = 53;

    public static V1NetworkPolicy Build(Workload workload) => new()
    {
        ApiVersion = V1NetworkPolicy.KubeApiVersion,
        Kind = V1NetworkPolicy.KubeKind,
        Metadata = WorkloadNames.Owned(workload.Resource, WorkloadNames.Runtime(workload.Resource), WorkloadNames.ServerComponent),
        Spec = new V1NetworkPolicySpec
        {
            PodSelector = new V1LabelSelector { MatchLabels = WorkloadNames.Selector(workload.Resource) },
            PolicyTypes = ["Ingress", "Egress"],
            Ingress =
            [
                new V1NetworkPolicyIngressRule
                {
                    FromProperty =
                    [
                        new V1NetworkPolicyPeer { PodSelector = new V1LabelSelector() },
                        Namespaces(ClientLabel, "true"),
                        Namespaces("kubernetes.io/metadata.name", workload.OperatorNamespace),
                    ],
                    Ports = [new V1NetworkPolicyPort { Port = workload.Runtime.Port, Protocol = "TCP" }],
                },
            ],
            Egress = workload.TraceEndpoint is { } collector ? [Traces(collector)] : null,
        },
    };

    // A collector is named by its host, which policies do not know: its port, and that of name servers, lead anywhere.
    private static V1NetworkPolicyEgressRule Traces(Uri collector) => new()
    {
        Ports =
        [
            new V1NetworkPolicyPort { Port = collector.Port, Protocol = "TCP" },
            new V1NetworkPolicyPort { Port = DnsPort, Protocol = "UDP" },
            new V1NetworkPolicyPort { Port = DnsPort, Protocol = "TCP" },
        ],
    };

    private static V1NetworkPolicyPeer Namespaces(string label, string value) => new()
    {
        NamespaceSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { [label] = value } },
    };
}
