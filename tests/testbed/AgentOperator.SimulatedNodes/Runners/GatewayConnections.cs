using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace AgentOperator.SimulatedNodes.Runners;

/// <summary>
/// The way of all simulated runners to the gateway: its Service's name leads to this machine, as kube-proxy would lead it to the pod, and its
/// own authority is the only one trusted. The connections are shared, as thousands of runners in one process need it; each request has its own
/// pod's token.
/// </summary>
internal sealed class GatewayConnections : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<HttpClient>> _clients = new();

    /// <summary>The client for a gateway.</summary>
    /// <param name="authorityPem">The authority of its certificate.</param>
    public HttpClient Get(string authorityPem) => _clients.GetOrAdd(authorityPem, pem => new Lazy<HttpClient>(() => Create(pem))).Value;

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private static HttpClient Create(string authorityPem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorityPem);
        return new HttpClient(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            UseCookies = false,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = TimeSpan.FromMinutes(5),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
