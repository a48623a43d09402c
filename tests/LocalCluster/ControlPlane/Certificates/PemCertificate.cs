using System.Security.Cryptography.X509Certificates;

namespace LocalCluster.ControlPlane.Certificates;

/// <summary>A certificate and its private key, both as PEM text.</summary>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="PrivateKeyPem">The unencrypted EC private key (SEC 1), which Kubernetes reads in every version.</param>
public sealed record PemCertificate(string CertificatePem, string PrivateKeyPem)
{
    /// <summary>Writes <c>NAME.crt</c> and, readable by the owner only, <c>NAME.key</c> into <paramref name="directory"/>.</summary>
    public PemFiles WriteTo(string directory, string name)
    {
        var files = new PemFiles(Path.Combine(directory, name + ".crt"), Path.Combine(directory, name + ".key"));
        File.WriteAllText(files.CertificatePath, CertificatePem);
        SecretFile.Write(files.PrivateKeyPath, PrivateKeyPem);
        return files;
    }

    /// <summary>The pair as an object that <see cref="System.Net.Security.SslStream"/> and Kestrel take; the caller disposes it.</summary>
    public X509Certificate2 ToX509Certificate() => X509Certificate2.CreateFromPem(CertificatePem, PrivateKeyPem);
}
