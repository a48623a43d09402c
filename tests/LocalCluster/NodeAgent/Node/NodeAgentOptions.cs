using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Models;
using LocalCluster.ControlPlane.Network;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalCluster.NodeAgents;

/// <summary>How a <see cref="NodeAgent"/> presents itself and what it runs.</summary>
public sealed record NodeAgentOptions
{
    public required string NodeName { get; init; }

    /// <summary>Acts as <c>system:node:NODE</c> in the group <c>system:nodes</c>; the agent does not dispose it.</summary>
    public required IKubernetes Client { get; init; }

    /// <summary>The API server as pods reach it.</summary>
    public required Uri ApiServer { get; init; }

    /// <summary>The network that pods get their addresses from; its host address is the node's.</summary>
    public required PodNetwork Network { get; init; }

    /// <summary>Folder for volumes and logs of running pods.</summary>
    public required string StateDirectory { get; init; }

    public required ImageTable Images { get; init; }

    /// <summary>Serves logs on the node's address.</summary>
    public required X509Certificate2 ServingCertificate { get; init; }

    /// <summary>The cluster's certificate authority, PEM.</summary>
    public required string CaCertificatePem { get; init; }

    /// <summary>Common name of the one client that may ask for logs: the API server.</summary>
    /// <value>The default value is <c>kube-apiserver-kubelet-client</c>.</value>
    public string ApiServerClientName { get; init; } = "kube-apiserver-kubelet-client";

    public NodeCapacity Capacity { get; init; } = NodeCapacity.OfThisMachine();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<V1Taint> Taints { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
