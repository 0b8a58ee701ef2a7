using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>A connection to an MCP server, made again when it broke.</summary>
/// <param name="name">The server's name in the spec.</param>
/// <param name="url">Its address (streamable HTTP).</param>
/// <param name="http">Sends the requests; it carries no credential of the run.</param>
internal sealed class McpServer(string name, Uri url, HttpClient http) : IAsyncDisposable
{
    private McpClient? client;

    /// <summary>The server's name in the spec.</summary>
    public string Name => name;

    /// <summary>The tools that it lists.</summary>
    public async Task<IReadOnlyList<Tool>> ListToolsAsync(CancellationToken cancellationToken)
    {
        var connected = await ConnectAsync(cancellationToken);
        return [.. (await connected.ListToolsAsync(cancellationToken: cancellationToken)).Select(tool => tool.ProtocolTool)];
    }

    /// <summary>Calls a tool.</summary>
    public async Task<CallToolResult> CallAsync(CallToolRequestParams request, CancellationToken cancellationToken)
    {
        var connected = await ConnectAsync(cancellationToken);
        try
        {
            return await connected.CallToolAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not McpProtocolException)
        {
            // A restarted server knows nothing of the session: the next call starts a new one.
            await DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (client is { } old)
        {
            client = null;
            await old.DisposeAsync();
        }
    }

    private async Task<McpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        if (client is null)
        {
            var options = new HttpClientTransportOptions
            {
                Endpoint = url,
                Name = name,
                TransportMode = HttpTransportMode.StreamableHttp,
                // Nothing that a server says unasked is of use here.
                EnableStandaloneGetStream = false,
            };
            var information = new McpClientOptions { ClientInfo = new Implementation { Name = "agent-runner", Version = RunnerVersion.Text } };
            client = await McpClient.CreateAsync(
                new HttpClientTransport(options, http, loggerFactory: null, ownsHttpClient: false), information, loggerFactory: null, cancellationToken);
        }

        return client;
    }
}
