using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>
/// A connection to an MCP server, made again when it broke. Answers are handed on as JSON: the client's own types refuse a whole answer for
/// a part that nobody here reads.
/// </summary>
/// <param name="name">The server's name in the spec.</param>
/// <param name="url">Its address (streamable HTTP).</param>
/// <param name="http">Sends the requests; it carries no credential of the run.</param>
internal sealed class McpServer(string name, Uri url, HttpClient http) : IAsyncDisposable
{
    private McpClient? _client;

    /// <summary>The server's name in the spec.</summary>
    public string Name => name;

    /// <summary>The tools that it lists; null stands for one without a name.</summary>
    /// <exception cref="McpException">The answer is no list of tools.</exception>
    public async Task<IReadOnlyList<ListedTool?>> ListToolsAsync(CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        var tools = new List<ListedTool?>();
        string? cursor = null;
        do
        {
            var parameters = cursor is null ? [] : new JsonObject { ["cursor"] = cursor };
            var answer = await RequestAsync(RequestMethods.ToolsList, parameters, cancellationToken);
            if (answer is not JsonObject page || McpJson.Property(page, "tools") is not JsonArray listed)
            {
                throw new McpException("its answer to tools/list is no list of tools");
            }

            tools.AddRange(listed.Select(ToolListing.Read));
            var next = McpJson.Text(page, "nextCursor");
            cursor = next == cursor ? null : next;
        }
        while (!string.IsNullOrEmpty(cursor));

        return tools;
    }

    /// <summary>Connects if necessary. Calls no tool.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            var options = new HttpClientTransportOptions
            {
                Endpoint = url,
                Name = name,
                TransportMode = HttpTransportMode.StreamableHttp,
                // Unsolicited messages of a server are of no use here.
                EnableStandaloneGetStream = false,
            };
            var information = new McpClientOptions { ClientInfo = new Implementation { Name = "agent-runner", Version = RunnerVersion.Text } };
            _client = await McpClient.CreateAsync(
                new HttpClientTransport(options, http, loggerFactory: null, ownsHttpClient: false), information, loggerFactory: null,
                cancellationToken);
        }
    }

    /// <summary>Sends a request to the server that is connected.</summary>
    /// <param name="method">The method, such as <c>tools/call</c>.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="cancellationToken">Gives up waiting. The server may still carry the request out.</param>
    /// <returns>The result as the server wrote it.</returns>
    /// <exception cref="McpProtocolException">The server answered with an error.</exception>
    public async Task<JsonNode?> RequestAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var connected = _client ?? throw new InvalidOperationException("The server is not connected.");
        try
        {
            return (await connected.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters }, cancellationToken)).Result;
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
        if (_client is { } old)
        {
            _client = null;
            await old.DisposeAsync();
        }
    }
}
