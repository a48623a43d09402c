using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LocalCluster.ControlPlane.Certificates;

/// <summary>A certificate authority made for one local cluster; signs its serving and client certificates (ECDSA P-256).</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(30);
    // A clock set back a little between two commands must not make a fresh certificate invalid.
    private static readonly TimeSpan s_backdating = TimeSpan.FromMinutes(5);
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _root;
    private readonly TimeProvider _time;

    /// <summary>Makes a new authority with a fresh key.</summary>
    /// <param name="time">The clock that validity starts at.</param>
    public CertificateAuthority(TimeProvider time)
    {
        _time = time;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leanserve-local-cluster", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset now = time.GetUtcNow();
        // Outlives what it signs: a signer's validity must enclose the signed certificate's.
        _root = request.CreateSelfSigned(now - (2 * s_backdating), now + (2 * s_lifetime));
        Certificate = new PemCertificate(_root.ExportCertificatePem(), key.ExportECPrivateKeyPem());
    }

    /// <summary>The authority's own certificate and key.</summary>
    public PemCertificate Certificate { get; }

    /// <summary>Signs a client certificate; the API server takes the names for the user and its groups.</summary>
    /// <param name="userName">The common name, for example <c>system:node:worker-1</c>.</param>
    /// <param name="groups">The organizations, for example <c>system:nodes</c>.</param>
    public PemCertificate SignClientCertificate(string userName, params IEnumerable<string> groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (string group in groups)
        {
            subject.AddOrganizationName(group);
        }

        subject.AddCommonName(userName);
        return Sign(subject.Build(), ClientAuthentication, null);
    }

    /// <summary>Signs a serving certificate for DNS names and IP addresses.</summary>
    /// <param name="dnsNames">The DNS names; the first becomes the common name.</param>
    /// <param name="addresses">The IP addresses.</param>
    /// <exception cref="ArgumentException">Neither a name nor an address is given.</exception>
    public PemCertificate SignServingCertificate(IReadOnlyList<string> dnsNames, IReadOnlyList<IPAddress> addresses)
    {
        if (dnsNames.Count + addresses.Count == 0)
        {
            throw new ArgumentException("No name and no address given; a serving certificate needs at least one that clients connect to.", nameof(dnsNames));
        }

        var names = new SubjectAlternativeNameBuilder();
        foreach (string name in dnsNames)
        {
            names.AddDnsName(name);
        }

        foreach (IPAddress address in addresses)
        {
            names.AddIpAddress(address);
        }

        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(dnsNames.Count > 0 ? dnsNames[0] : addresses[0].ToString());
        return Sign(subject.Build(), ServerAuthentication, names.Build());
    }

    /// <summary>Releases the key.</summary>
    public void Dispose() => _root.Dispose();

    private PemCertificate Sign(X500DistinguishedName subject, string extendedKeyUsage, X509Extension? alternativeNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(extendedKeyUsage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        if (alternativeNames is not null)
        {
            request.CertificateExtensions.Add(alternativeNames);
        }

        DateTimeOffset now = _time.GetUtcNow();
        byte[] serialNumber = RandomNumberGenerator.GetBytes(16);
        // Serial numbers are positive integers (RFC 5280, 4.1.2.2).
        serialNumber[0] &= 0x7F;
        using X509Certificate2 certificate = request.Create(_root, now - s_backdating, now + s_lifetime, serialNumber);
        return new PemCertificate(certificate.ExportCertificatePem(), key.ExportECPrivateKeyPem());
    }
}
