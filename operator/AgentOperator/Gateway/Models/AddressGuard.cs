using System.Net;
using System.Net.Sockets;
using AgentOperator.Api.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Keeps requests from link-local and metadata addresses. A name is resolved here, once for each connection, and the connection goes to an address
/// that was checked, so an answer that DNS changes meanwhile is of no use. Behind a proxy only the proxy resolves names; there, addresses that are
/// written out are checked.
/// </summary>
internal sealed class AddressGuard : DelegatingHandler
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <param name="network">Makes the connections.</param>
    /// <param name="resolve">The addresses of a host name.</param>
    public AddressGuard(SocketsHttpHandler network, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
        : base(network)
    {
        _resolve = resolve;
        network.ConnectCallback = ConnectAsync;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri!.IdnHost;
        return LinkLocalAddresses.IsHostOf(request.RequestUri)
            ? throw new HttpRequestException(
                HttpRequestError.ConnectionError, null, new AddressRefusedException(host, IPAddress.Parse(host)))
            : base.SendAsync(request, cancellationToken);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await _resolve(host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => !LinkLocalAddresses.Contains(address));
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new AddressRefusedException(host, addresses[0]);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
