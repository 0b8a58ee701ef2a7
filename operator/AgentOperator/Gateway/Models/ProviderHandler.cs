using System.Net;
using System.Net.Security;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>The HTTP handler of a ModelEndpoint as it is delivered.</summary>
internal static class ProviderHandler
{
    /// <param name="settings">The endpoint's settings.</param>
    /// <param name="allowLinkLocal">Whether link-local and metadata addresses may be connected to.</param>
    public static HttpMessageInvoker Create(ConnectionSettings settings, bool allowLinkLocal)
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
            handler.Proxy = HttpUrl.TryParse(proxy, out var url, out var problem)
                ? new WebProxy(url)
                : throw new InvalidOperationException($"spec.proxyUrl of a ModelEndpoint that counts as valid: {problem}");
        }

        return new HttpMessageInvoker(allowLinkLocal ? handler : new AddressGuard(handler, Dns.GetHostAddressesAsync));
    }
}
