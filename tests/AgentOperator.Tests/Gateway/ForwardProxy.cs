using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentOperator.Tests.Gateway;

/// <summary>An HTTP proxy on a loopback port: it opens tunnels (CONNECT) and passes on requests of an absolute URL.</summary>
internal sealed class ForwardProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _requests = [];
    private readonly string? _refusal;
    private readonly Task _work;

    /// <param name="refusal">The status line with which every request is refused; null for none.</param>
    public ForwardProxy(string? refusal = null)
    {
        _refusal = refusal;
        _listener.Start();
        _work = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>The first line of each request.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _work;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        while (!_end.IsCancellationRequested)
        {
            try
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var stream = client.GetStream();
        try
        {
            var head = await ReadHeadAsync(stream);
            var line = head[..head.IndexOf('\r', StringComparison.Ordinal)];
            lock (_requests)
            {
                _requests.Add(line);
            }

            if (_refusal is not null)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {_refusal}\r\nContent-Length: 0\r\n\r\n"), _end.Token);
                return;
            }

            var isTunnel = line.StartsWith("CONNECT ", StringComparison.Ordinal);
            var target = line.Split(' ')[1];
            var uri = new Uri(isTunnel ? $"http://{target}" : target);
            using var server = new TcpClient();
            await server.ConnectAsync(uri.Host, uri.Port, _end.Token);
            if (isTunnel)
            {
                await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _end.Token);
            }
            else
            {
                await server.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), _end.Token);
            }

            await Task.WhenAny(stream.CopyToAsync(server.GetStream(), _end.Token), server.GetStream().CopyToAsync(stream, _end.Token));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
        {
            // The client hung up, or the test is over.
        }
    }

    /// <summary>Reads byte by byte, so that nothing of what follows the head is taken.</summary>
    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, _end.Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
