using System.Net;

namespace AgentOperator.Gateway.Models;

/// <summary>The way to the model providers.</summary>
/// <param name="Handler">Sends the requests.</param>
internal sealed record ProviderTransport(HttpMessageHandler Handler) : IDisposable
{
    public static ProviderTransport Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    public void Dispose() => Handler.Dispose();
}
