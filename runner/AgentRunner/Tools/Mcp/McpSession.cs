using System.Net;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>A session with an MCP server, over streamable HTTP or the older HTTP+SSE.</summary>
internal sealed class McpSession : IAsyncDisposable
{
    /// <summary>The client counts its own requests from 1. A request that may be canceled needs an id that is known here.</summary>
    private const long FirstId = 1000;

    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndpointTimeout = TimeSpan.FromSeconds(10);

    private readonly McpClient _client;
    private readonly bool _isLegacy;
    private long _lastId = FirstId;
    private bool _isGivenUp;

    private McpSession(McpClient client, bool isLegacy)
    {
        _client = client;
        _isLegacy = isLegacy;
    }

    /// <summary>Whether a new one is needed.</summary>
    public bool IsOver => _isGivenUp || _client.Completion.IsCompleted;

    /// <summary>
    /// Begins a session. A server that does not take a POST at its URL may be of the older kind, which is asked with a GET for the endpoint that
    /// takes messages.
    /// </summary>
    /// <exception cref="HttpRequestException">The server cannot be reached, or refused; for both kinds, this is its answer to the POST.</exception>
    public static async Task<McpSession> BeginAsync(string name, Uri url, HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            return new McpSession(await ConnectAsync(HttpTransportMode.StreamableHttp), isLegacy: false);
        }
        catch (HttpRequestException refused) when (
            refused.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            try
            {
                return new McpSession(await ConnectAsync(HttpTransportMode.Sse), isLegacy: true);
            }
            catch (Exception exception) when (
                exception is not (OutOfMemoryException or McpNotSpokenException) && !cancellationToken.IsCancellationRequested)
            {
                throw new HttpRequestException(refused.Message, exception, refused.StatusCode);
            }
        }

        Task<McpClient> ConnectAsync(HttpTransportMode mode)
        {
            var options = new HttpClientTransportOptions
            {
                Endpoint = url,
                Name = name,
                TransportMode = mode,
                ConnectionTimeout = EndpointTimeout,
                // Unsolicited messages of a server are of no use here.
                EnableStandaloneGetStream = false,
            };
            var information = new McpClientOptions { ClientInfo = new Implementation { Name = "agent-runner", Version = RunnerVersion.Text } };
            return McpClient.CreateAsync(
                new HttpClientTransport(options, http, loggerFactory: null, ownsHttpClient: false), information, loggerFactory: null,
                cancellationToken);
        }
    }

    /// <summary>Sends a request.</summary>
    /// <param name="method">The method, such as <c>tools/call</c>.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="limit">Cancels the request: the server is told. Also canceled by <paramref name="cancellationToken"/>.</param>
    /// <param name="cancellationToken">Gives up at once, without a word to the server.</param>
    /// <returns>The result as the server wrote it.</returns>
    /// <exception cref="McpProtocolException">The server answered with an error.</exception>
    /// <exception cref="McpSessionLostException">The server does not know the session. It did nothing.</exception>
    /// <exception cref="McpAnswerTooLargeException">The answer was not read.</exception>
    public async Task<JsonNode?> RequestAsync(
        string method, JsonObject parameters, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var request = new JsonRpcRequest { Id = new RequestId(++_lastId), Method = method, Params = parameters };
        var answer = _client.SendRequestAsync(request, abort.Token);
        try
        {
            return (await answer.WaitAsync(limit)).Result;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                await CancelAsync(request.Id, cancellationToken);
            }

            // An answer that arrives from here on may be the server's "canceled", which would read as if nothing had been done.
            await abort.CancelAsync();
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        catch (HttpRequestException exception) when (IsOfALostSession(exception))
        {
            throw new McpSessionLostException(exception);
        }
        catch (ClientTransportClosedException exception) when (exception.InnerException is McpAnswerTooLargeException tooLarge)
        {
            throw new McpAnswerTooLargeException(tooLarge.MaxBytes);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <summary>Asks the server to stop working on a request. A server that does not take this may be gone.</summary>
    private async Task CancelAsync(RequestId request, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(CancelTimeout);
        var parameters = new JsonObject { ["requestId"] = (long)request.Id!, ["reason"] = "timeout" };
        try
        {
            await _client.SendMessageAsync(
                new JsonRpcNotification { Method = NotificationMethods.CancelledNotification, Params = parameters }, timeout.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _isGivenUp = true;
        }
    }

    /// <summary>
    /// A server must answer 404 for a session that it does not know. The reference servers answered 400 for a long time, those in Rust 401, and
    /// say in words what is wrong.
    /// </summary>
    private bool IsOfALostSession(HttpRequestException exception) =>
        (_isLegacy || _client.SessionId is not null) && exception.StatusCode switch
        {
            HttpStatusCode.NotFound => true,
            HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized => exception.Message.Contains("session", StringComparison.OrdinalIgnoreCase)
                || exception.Message.Contains("not initialized", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
}
