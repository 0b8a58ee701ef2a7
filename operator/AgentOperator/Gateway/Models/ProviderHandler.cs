using System.Net;
using System.Net.Security;

namespace AgentOperator.Gateway.Models;

/// <summary>The HTTP handler of a ModelEndpoint as it is delivered.</summary>
internal static class ProviderHandler
{
    public static HttpMessageInvoker Create(ConnectionSettings settings)
    {
        var check = new ServerCertificateCheck(settings.CaBundle);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = check.Accept },
        };
        if (settings.ProxyUrl is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy);
        }

        return new HttpMessageInvoker(handler);
    }
}
