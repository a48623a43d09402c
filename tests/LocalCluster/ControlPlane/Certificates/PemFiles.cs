namespace LocalCluster.ControlPlane.Certificates;

/// <summary>Where a certificate and its private key lie.</summary>
/// <param name="CertificatePath">The certificate's PEM file.</param>
/// <param name="PrivateKeyPath">The key's PEM file.</param>
public sealed record PemFiles(string CertificatePath, string PrivateKeyPath);
