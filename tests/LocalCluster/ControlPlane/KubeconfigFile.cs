using k8s;
using k8s.KubeConfigModels;
using LocalCluster.ControlPlane.Certificates;

namespace LocalCluster.ControlPlane;

/// <summary>Makes kubeconfigs for the users of a local cluster.</summary>
internal static class KubeconfigFile
{
    private const string ClusterName = "leanserve-local";

    /// <summary>A kubeconfig of a user with a client certificate.</summary>
    public static K8SConfiguration ForCertificate(Uri server, string authorityPem, string userName, PemCertificate certificate) =>
        Create(server, authorityPem, userName, new UserCredentials
        {
            ClientCertificateData = Base64(certificate.CertificatePem),
            ClientKeyData = Base64(certificate.PrivateKeyPem),
        });

    /// <summary>A kubeconfig of a user with a bearer token.</summary>
    public static K8SConfiguration ForToken(Uri server, string authorityPem, string userName, string token) =>
        Create(server, authorityPem, userName, new UserCredentials { Token = token });

    /// <summary>Writes <paramref name="kubeconfig"/>, readable by its owner only.</summary>
    public static void Write(string path, K8SConfiguration kubeconfig) => SecretFile.Write(path, KubernetesYaml.Serialize(kubeconfig));

    private static K8SConfiguration Create(Uri server, string authorityPem, string userName, UserCredentials credentials) => new()
    {
        ApiVersion = "v1",
        Kind = "Config",
        CurrentContext = ClusterName,
        Clusters = [new Cluster
        {
            Name = ClusterName,
            ClusterEndpoint = new ClusterEndpoint
            {
                Server = server.ToString().TrimEnd('/'),
                CertificateAuthorityData = Base64(authorityPem),
            },
        }],
        Users = [new User { Name = userName, UserCredentials = credentials }],
        Contexts = [new Context
        {
            Name = ClusterName,
            ContextDetails = new ContextDetails { Cluster = ClusterName, User = userName },
        }],
    };

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
}
