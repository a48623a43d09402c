namespace LocalCluster.ControlPlane.Binaries;

/// <summary>The executables of one control plane.</summary>
/// <param name="KubernetesVersion">Version of the Kubernetes executables.</param>
/// <param name="Etcd">Path of etcd.</param>
/// <param name="ApiServer">Path of kube-apiserver.</param>
/// <param name="ControllerManager">Path of kube-controller-manager.</param>
/// <param name="Scheduler">Path of kube-scheduler.</param>
public sealed record ControlPlaneBinaries(
    Version KubernetesVersion, string Etcd, string ApiServer, string ControllerManager, string Scheduler);
