using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentRunner.Gateway;

/// <summary>The connections to the gateway: its own certificate authority is the only one trusted, and its name is verified.</summary>
internal static class GatewayConnection
{
    /// <summary>Builds the handler that all clients of the gateway share.</summary>
    /// <param name="authorityPem">The certificate authority; null trusts the system's.</param>
    /// <exception cref="CryptographicException">The PEM holds no certificate.</exception>
    public static SocketsHttpHandler CreateHandler(string? authorityPem)
    {
        var handler = new SocketsHttpHandler
        {
            // Look the name up again now and then: it may move to another replica.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
        };
        if (authorityPem is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(authorityPem);
            if (policy.CustomTrustStore.Count == 0)
            {
                throw new CryptographicException("There is no certificate in it.");
            }

            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }
}
