using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>
/// An MCP server. Its session is begun again when it is lost. Answers are handed on as JSON: the client's own types refuse a whole answer for
/// a part that nobody here reads.
/// </summary>
/// <param name="name">The server's name in the spec.</param>
/// <param name="url">Its address.</param>
/// <param name="maxToolOutputBytes">How much of a tool's output the model is told.</param>
/// <param name="network">Sends the requests; it carries no credential of the run.</param>
internal sealed class McpServer(string name, Uri url, int maxToolOutputBytes, HttpMessageHandler network) : IAsyncDisposable
{
    private readonly HttpClient _http =
        new(new McpHttpHandler(url, maxToolOutputBytes, network), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    private McpSession? _session;

    /// <summary>The server's name in the spec.</summary>
    public string Name => name;

    /// <summary>The tools that it lists; null stands for one without a name.</summary>
    /// <exception cref="McpException">The answer is no list of tools.</exception>
    /// <exception cref="McpAnswerTooLargeException">The list is too large.</exception>
    public async Task<IReadOnlyList<ListedTool?>> ListToolsAsync(CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        var tools = new List<ListedTool?>();
        string? cursor = null;
        do
        {
            var parameters = cursor is null ? [] : new JsonObject { ["cursor"] = cursor };
            var answer = await RequestAsync(RequestMethods.ToolsList, parameters, cancellationToken, cancellationToken);
            if (answer is not JsonObject page || McpJson.Property(page, "tools") is not JsonArray listed)
            {
                throw new McpException("its answer to tools/list is no list of tools");
            }

            tools.AddRange(listed.Select(ToolListing.Read));

            // A page is bounded while it is read. There may be many.
            if (tools.Sum(Size) > McpHttpHandler.MaxListBytes)
            {
                throw new McpAnswerTooLargeException(McpHttpHandler.MaxListBytes);
            }

            var next = McpJson.Text(page, "nextCursor");
            cursor = next == cursor ? null : next;
        }
        while (!string.IsNullOrEmpty(cursor));

        return tools;
    }

    /// <summary>Begins a session if there is none. Calls no tool.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_session is { IsOver: true })
        {
            await EndSessionAsync();
        }

        _session ??= await McpSession.BeginAsync(name, url, _http, cancellationToken);
    }

    /// <summary>Sends a request to the server that is connected.</summary>
    /// <param name="method">The method, such as <c>tools/call</c>.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="limit">
    /// Cancels the request: the server is told, and the session stays. Also canceled by <paramref name="cancellationToken"/>.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting. The server may still carry the request out.</param>
    /// <returns>The result as the server wrote it.</returns>
    /// <exception cref="McpProtocolException">The server answered with an error.</exception>
    /// <exception cref="McpSessionLostException">The server does not know the session, and did nothing. Connect again.</exception>
    /// <exception cref="McpAnswerTooLargeException">The answer was not read.</exception>
    public async Task<JsonNode?> RequestAsync(
        string method, JsonObject parameters, CancellationToken limit, CancellationToken cancellationToken)
    {
        var session = _session ?? throw new InvalidOperationException("The server is not connected.");
        try
        {
            return await session.RequestAsync(method, parameters, limit, cancellationToken);
        }
        catch (Exception exception) when (
            exception is not (McpProtocolException or McpAnswerTooLargeException)
            && !(exception is OperationCanceledException && limit.IsCancellationRequested))
        {
            // A restarted server knows nothing of the session: the next call begins a new one.
            await EndSessionAsync();
            throw;
        }
    }

    /// <summary>Ends the session, if there is one.</summary>
    public async Task EndSessionAsync()
    {
        if (_session is { } old)
        {
            _session = null;
            await old.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndSessionAsync();
        _http.Dispose();
    }

    private static long Size(ListedTool? tool) => tool is null
        ? 1
        : tool.Name.Length + tool.Description.Length + (tool.Problem is null ? tool.Schema.GetRawText().Length : 0);
}
