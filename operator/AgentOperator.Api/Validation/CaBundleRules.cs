using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentOperator.Api.Validation;

/// <summary>A CA bundle holds certificates in PEM format, and nothing else. No message quotes it.</summary>
internal static class CaBundleRules
{
    private const string Certificate = "CERTIFICATE";

    public static IEnumerable<FieldViolation> Check(string? bundle, string path)
    {
        if (bundle is null)
        {
            yield break;
        }

        var (read, rest) = (0, 0);
        while (PemEncoding.TryFind(bundle.AsSpan(rest), out var fields))
        {
            var text = bundle.AsSpan(rest)[fields.Location];
            var label = bundle.AsSpan(rest)[fields.Label];
            rest += fields.Location.End.Value;
            read++;
            if (!label.SequenceEqual(Certificate))
            {
                yield return new FieldViolation(path, $"must hold only certificates, not a {label}");
            }
            else if (!IsCertificate(text))
            {
                yield return new FieldViolation(path, string.Create(CultureInfo.InvariantCulture, $"certificate {read} cannot be read"));
            }
        }

        if (read == 0)
        {
            yield return new FieldViolation(path, "must hold a certificate in PEM format");
        }
        else if (bundle.Split("-----BEGIN ").Length - 1 != read)
        {
            yield return new FieldViolation(path, "has a certificate that is cut off or is not in PEM format");
        }
    }

    private static bool IsCertificate(ReadOnlySpan<char> pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
