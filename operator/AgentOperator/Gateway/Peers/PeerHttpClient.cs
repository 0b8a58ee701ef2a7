using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AgentOperator.Pods;
using Microsoft.Extensions.Options;

namespace AgentOperator.Gateway.Peers;

/// <summary>Talks to a replica at its pod's address; its certificate must be the gateway's, by the gateway's own authority.</summary>
internal sealed class PeerHttpClient(IOptions<GatewayOptions> options, Func<HttpMessageHandler> transport) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // Made on first use: the authority is loaded by then. A call that is under way is waited for: its own time limit ends it.
    private readonly Lazy<HttpClient> _client = new(() => new HttpClient(transport()) { Timeout = Timeout.InfiniteTimeSpan });

    public PeerHttpClient(IGatewayAuthority authority, IOptions<GatewayOptions> options)
        : this(options, () => Trusting(authority))
    {
    }

    /// <summary>Sends a request to the address in its URL.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The handler checks the certificate against this header's name, and only without one against the URL's host: here an address, which no
        // certificate is for.
        request.Headers.Host = new Uri(options.Value.GatewayUrl).Host;
        return _client.Value.SendAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private static SocketsHttpHandler Trusting(IGatewayAuthority authority)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.CertificatePem));
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,

            // A proxy that leads out of the cluster does not know the pods' addresses.
            UseProxy = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
        };
    }
}
