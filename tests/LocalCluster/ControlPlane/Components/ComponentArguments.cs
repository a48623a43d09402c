using System.Globalization;
using System.Net;

namespace LocalCluster.ControlPlane.Components;

/// <summary>Command lines of the control plane's executables; only flags that Kubernetes 1.20 and 1.36 both know, or picked by version.</summary>
internal static class ComponentArguments
{
    private static readonly Version s_insecurePortsGone = new(1, 24);
    private static readonly Version s_boundTokensByDefault = new(1, 21);

    /// <summary>The first address of the range belongs to the Service <c>default/kubernetes</c>.</summary>
    public const string ServiceAddressRange = "10.96.0.0/16";

    // Plain HTTP, as envtest does: etcd is on the loopback interface, which pods' namespaces cannot reach.
    public static string[] Etcd(string dataDirectory, Uri client, Uri peer) =>
    [
        "--name=local",
        $"--data-dir={dataDirectory}",
        $"--listen-client-urls={Text(client)}",
        $"--advertise-client-urls={Text(client)}",
        $"--listen-peer-urls={Text(peer)}",
        $"--initial-advertise-peer-urls={Text(peer)}",
        $"--initial-cluster=local={Text(peer)}",
        "--auto-compaction-mode=periodic",
        "--auto-compaction-retention=1h",
        "--logger=zap",
        "--log-level=warn",
    ];

    public static string[] ApiServer(Version version, ControlPlaneFiles files, Uri etcd, IPAddress address, int port) =>
    [
        $"--etcd-servers={Text(etcd)}",
        $"--bind-address={address}",
        $"--advertise-address={address}",
        string.Create(CultureInfo.InvariantCulture, $"--secure-port={port}"),
        // Endpoints refuse loopback addresses, so default/kubernetes can only point at a pod network's.
        $"--endpoint-reconciler-type={(IPAddress.IsLoopback(address) ? "none" : "lease")}",
        $"--service-cluster-ip-range={ServiceAddressRange}",
        "--allow-privileged=true",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        $"--client-ca-file={files.Authority.CertificatePath}",
        $"--tls-cert-file={files.Serving.CertificatePath}",
        $"--tls-private-key-file={files.Serving.PrivateKeyPath}",
        "--service-account-issuer=https://kubernetes.default.svc",
        $"--service-account-key-file={files.ServiceAccountKeyPath}",
        $"--service-account-signing-key-file={files.ServiceAccountKeyPath}",
        $"--kubelet-certificate-authority={files.Authority.CertificatePath}",
        $"--kubelet-client-certificate={files.KubeletClient.CertificatePath}",
        $"--kubelet-client-key={files.KubeletClient.PrivateKeyPath}",
        "--kubelet-preferred-address-types=InternalIP,Hostname",
        // Pods get projected, expiring tokens, as on every cluster since 1.21.
        .. version < s_boundTokensByDefault ? ["--feature-gates=BoundServiceAccountTokenVolume=true"] : Array.Empty<string>(),
    ];

    public static string[] ControllerManager(Version version, ControlPlaneFiles files, int port) =>
    [
        $"--kubeconfig={files.ControllerManagerKubeconfigPath}",
        "--use-service-account-credentials=true",
        $"--service-account-private-key-file={files.ServiceAccountKeyPath}",
        $"--root-ca-file={files.Authority.CertificatePath}",
        $"--cluster-signing-cert-file={files.Authority.CertificatePath}",
        $"--cluster-signing-key-file={files.Authority.PrivateKeyPath}",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        .. Serving(version, files, port),
    ];

    public static string[] Scheduler(Version version, ControlPlaneFiles files, int port) =>
    [
        $"--kubeconfig={files.SchedulerKubeconfigPath}",
        .. Serving(version, files, port),
    ];

    private static IEnumerable<string> Serving(Version version, ControlPlaneFiles files, int port) =>
    [
        "--leader-elect=false",
        $"--bind-address={IPAddress.Loopback}",
        string.Create(CultureInfo.InvariantCulture, $"--secure-port={port}"),
        $"--tls-cert-file={files.Serving.CertificatePath}",
        $"--tls-private-key-file={files.Serving.PrivateKeyPath}",
        // The fixed plain-HTTP port would collide with another plane's.
        .. version < s_insecurePortsGone ? ["--port=0"] : Array.Empty<string>(),
    ];

    private static string Text(Uri uri) => uri.ToString().TrimEnd('/');
}
