using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentOperator.Gateway.Models;

/// <summary>Accepts a server's certificate if the system does, or if one of an endpoint's own authorities signed it.</summary>
internal sealed class ServerCertificateCheck
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private readonly X509Certificate2Collection _authorities = [];

    /// <param name="caBundle">The endpoint's own authorities in PEM format; null for none.</param>
    public ServerCertificateCheck(string? caBundle)
    {
        if (caBundle is not null)
        {
            _authorities.ImportFromPem(caBundle);
        }
    }

    /// <summary>Decides about a certificate.</summary>
    /// <exception cref="CertificateRefusedException">It is not accepted.</exception>
    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var problems = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? default;
        if (_authorities.Count > 0 && certificate is X509Certificate2 own && errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            problems = Check(own, chain);
            errors = problems == X509ChainStatusFlags.NoError ? errors & ~SslPolicyErrors.RemoteCertificateChainErrors : errors;
        }

        return errors == SslPolicyErrors.None ? true : throw new CertificateRefusedException(Describe(errors, problems));
    }

    /// <summary>What is wrong with a certificate if only the endpoint's own authorities are trusted.</summary>
    private X509ChainStatusFlags Check(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (sent is not null)
        {
            // The intermediate certificates that came with it.
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate)
            ? X509ChainStatusFlags.NoError
            : chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
    }

    private string Describe(SslPolicyErrors errors, X509ChainStatusFlags problems)
    {
        const X509ChainStatusFlags Unknown = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;
        return errors switch
        {
            _ when (problems & Unknown) != 0 && _authorities.Count == 0 =>
                "TLS: the server's certificate is signed by an unknown authority. Set spec.caBundle of the ModelEndpoint to the certificate of that "
                + "authority.",
            _ when (problems & Unknown) != 0 =>
                "TLS: the server's certificate is signed by an authority that neither the system nor spec.caBundle of the ModelEndpoint has. Add the "
                + "certificate of that root authority to spec.caBundle.",
            _ when problems.HasFlag(X509ChainStatusFlags.NotTimeValid) => "TLS: the server's certificate has expired or is not valid yet.",
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) =>
                "TLS: the server's certificate is for another host name. Check baseUrl of the ModelEndpoint.",
            _ => $"TLS: the server's certificate is not accepted ({(problems == default ? errors : problems)}).",
        };
    }
}
