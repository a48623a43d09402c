using System.Net;
using System.Security.Cryptography;
using LocalCluster.ControlPlane.Certificates;

namespace LocalCluster.ControlPlane.Components;

/// <summary>The certificates, keys and kubeconfigs that the components read, written into one directory.</summary>
internal sealed record ControlPlaneFiles(
    PemFiles Authority,
    PemFiles Serving,
    PemFiles KubeletClient,
    string ServiceAccountKeyPath,
    string ControllerManagerKubeconfigPath,
    string SchedulerKubeconfigPath,
    string AdminKubeconfigPath)
{
    private static readonly string[] s_serverNames =
        ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];

    /// <summary>Writes them all.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="authority">Signs them.</param>
    /// <param name="server">Where the API server will be.</param>
    /// <param name="serverAddress">Its address, for the serving certificate.</param>
    public static ControlPlaneFiles Write(string directory, CertificateAuthority authority, Uri server, IPAddress serverAddress)
    {
        IPAddress kubernetesService = IPAddress.Parse("10.96.0.1");
        IPAddress[] addresses = [.. new[] { IPAddress.Loopback, serverAddress, kubernetesService }.Distinct()];
        return new ControlPlaneFiles(
            authority.Certificate.WriteTo(directory, "ca"),
            authority.SignServingCertificate(s_serverNames, addresses).WriteTo(directory, "serving"),
            // system:masters, as kubeadm gives: the API server itself decides who may read logs.
            authority.SignClientCertificate("kube-apiserver-kubelet-client", "system:masters").WriteTo(directory, "kubelet-client"),
            WriteServiceAccountKey(directory),
            WriteKubeconfig(directory, "controller-manager", authority, server, "system:kube-controller-manager"),
            WriteKubeconfig(directory, "scheduler", authority, server, "system:kube-scheduler"),
            WriteKubeconfig(directory, "kubeconfig", authority, server, "admin", "system:masters"));
    }

    private static string WriteServiceAccountKey(string directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new PemCertificate("", key.ExportECPrivateKeyPem()).WriteTo(directory, "service-account").PrivateKeyPath;
    }

    private static string WriteKubeconfig(
        string directory, string name, CertificateAuthority authority, Uri server, string user, params string[] groups)
    {
        string path = Path.Combine(directory, name + ".yaml");
        PemCertificate certificate = authority.SignClientCertificate(user, groups);
        KubeconfigFile.Write(path, KubeconfigFile.ForCertificate(server, authority.Certificate.CertificatePem, user, certificate));
        return path;
    }
}
