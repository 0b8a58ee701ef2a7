using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;

namespace AgentOperator.Gateway.Identity;

/// <summary>The Secret of the gateway's certificate authority: <c>ca.crt</c> and its private key <c>ca.key</c>, both PEM.</summary>
internal static class AuthoritySecret
{
    private const string CertificateKey = "ca.crt";
    private const string PrivateKeyKey = "ca.key";

    /// <summary>A Secret that holds the authority.</summary>
    public static V1Secret Of(X509Certificate2 authority, string name, string space)
    {
        using var key = authority.GetECDsaPrivateKey()!;
        return new V1Secret
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = space,
                Labels = new Dictionary<string, string> { ["app.kubernetes.io/managed-by"] = "agentoperator" },
            },
            Type = "Opaque",
            Data = new Dictionary<string, byte[]>
            {
                [CertificateKey] = Encoding.ASCII.GetBytes(authority.ExportCertificatePem()),
                [PrivateKeyKey] = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()),
            },
        };
    }

    /// <summary>Why the Secret cannot be used, without what it holds; null if it can.</summary>
    public static string? FindProblem(V1Secret secret, DateTimeOffset now)
    {
        string[] missing = [.. new[] { CertificateKey, PrivateKeyKey }.Where(key => secret.Data?.ContainsKey(key) != true)];
        if (missing.Length > 0)
        {
            return $"it has no {string.Join(" and no ", missing)}";
        }

        try
        {
            using var authority = Read(secret);
            return FindProblem(authority, now);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // The exception may quote what was read.
            return $"{CertificateKey} and {PrivateKeyKey} are not a certificate and its unencrypted private key in PEM";
        }
    }

    /// <summary>The authority, of a Secret without a problem.</summary>
    public static X509Certificate2 Read(V1Secret secret) =>
        X509Certificate2.CreateFromPem(PemOf(secret, CertificateKey), PemOf(secret, PrivateKeyKey));

    /// <summary>Signs with the authority's key.</summary>
    /// <exception cref="NotSupportedException">The key is neither ECDSA nor RSA.</exception>
    public static X509SignatureGenerator SignerOf(X509Certificate2 authority) =>
        authority.GetECDsaPrivateKey() is { } elliptic ? X509SignatureGenerator.CreateForECDsa(elliptic)
        : authority.GetRSAPrivateKey() is { } rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : throw new NotSupportedException("only ECDSA and RSA keys can sign");

    private static string? FindProblem(X509Certificate2 authority, DateTimeOffset now)
    {
        if (authority.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
        {
            return $"{CertificateKey} is not the certificate of an authority (CA:TRUE), so it cannot sign the gateway's own";
        }

        if (authority.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage
            && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
        {
            return $"{CertificateKey} may not sign certificates (its key usage lacks keyCertSign)";
        }

        using var elliptic = authority.GetECDsaPrivateKey();
        using var rsa = authority.GetRSAPrivateKey();
        if (elliptic is null && rsa is null)
        {
            return $"{PrivateKeyKey} is neither an ECDSA nor an RSA key";
        }

        return now < authority.NotBefore ? $"{CertificateKey} is not valid before {authority.NotBefore.ToUniversalTime():u}"
            : now > authority.NotAfter ? $"{CertificateKey} expired at {authority.NotAfter.ToUniversalTime():u}"
            : null;
    }

    private static string PemOf(V1Secret secret, string key) => Encoding.ASCII.GetString(secret.Data[key]);
}
