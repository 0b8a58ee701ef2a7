using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentOperator.Api.Validation;

/// <summary>Validates PEM certificates. Never quotes them: a private key may have been given by mistake.</summary>
internal static class CertificateRules
{
    /// <summary>What is wrong with a bundle; null when it holds certificates that can be read.</summary>
    public static string? Problem(string pem)
    {
        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return "must hold certificates only, not a private key";
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return "holds a PEM certificate that cannot be read";
        }

        var isEmpty = certificates.Count == 0;
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }

        return isEmpty ? "must hold PEM certificates" : null;
    }
}
