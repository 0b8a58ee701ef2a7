using System.Net;
using System.Text;
using ModelContextProtocol.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>
/// Stands between the MCP client and the network. The client reads whole answers of any size, takes a web page for no answer, and waits for ever
/// when it says goodbye.
/// </summary>
/// <param name="url">The server's address.</param>
/// <param name="maxToolOutputBytes">How much of a tool's output the model is told.</param>
/// <param name="network">Sends the requests. Not disposed here.</param>
internal sealed class McpHttpHandler(Uri url, int maxToolOutputBytes, HttpMessageHandler network) : DelegatingHandler(network)
{
    /// <summary>
    /// How many times <c>maxToolOutputBytes</c> a result may be: JSON escapes take up to six times the text, and a result may carry images that
    /// the model is not shown.
    /// </summary>
    public const int ResultFactor = 32;

    /// <summary>How large any other answer may be, such as a page of the tool list.</summary>
    public const int MaxListBytes = 2 * 1024 * 1024;

    private const int MaxErrorBytes = 4096;
    private const int MaxRedirects = 5;
    private const string MethodHeader = "Mcp-Method";
    private const string SessionHeader = "Mcp-Session-Id";
    private const string EventStream = "text/event-stream";

    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.GetLeftPart(UriPartial.Authority) != url.GetLeftPart(UriPartial.Authority))
        {
            throw new McpNotSpokenException("wants its messages sent to another host or port. It must name an endpoint of its own");
        }

        if (request.Method == HttpMethod.Delete)
        {
            using var goodbye = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            goodbye.CancelAfter(GoodbyeTimeout);
            return await base.SendAsync(request, goodbye.Token);
        }

        var response = await FollowAsync(request, cancellationToken);
        try
        {
            await (response.IsSuccessStatusCode
                ? BoundAnswerAsync(request, response, cancellationToken)
                : BoundErrorAsync(request, response, cancellationToken));
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Sends a request, and follows redirects on the server itself, such as the one from <c>/mcp</c> to <c>/mcp/</c>. No other server gets the
    /// session's id and a tool's arguments.
    /// </summary>
    private async Task<HttpResponseMessage> FollowAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!McpRedirect.IsOne(response))
            {
                return response;
            }

            using (response)
            {
                request.RequestUri = redirects < MaxRedirects
                    ? McpRedirect.Follow(request, response)
                    : throw new McpNotSpokenException("redirects in a circle");
            }
        }
    }

    private async Task BoundAnswerAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = response.Content.Headers;
        if (headers.ContentType?.MediaType == "text/html")
        {
            throw new McpNotSpokenException("answers with a web page. Its URL may lead to a login page or to another service");
        }

        var isCall = request.Headers.TryGetValues(MethodHeader, out var method) && method.Contains(RequestMethods.ToolsCall);
        var bound = isCall ? ResultFactor * (long)maxToolOutputBytes : Math.Max(MaxListBytes, ResultFactor * (long)maxToolOutputBytes);
        var isEventStream = headers.ContentType?.MediaType == EventStream;
        if (!isEventStream && headers.ContentLength > bound)
        {
            throw new McpAnswerTooLargeException(bound);
        }

        // The length is not passed on: the reader would reserve that much at once.
        var body = new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), bound, isEventStream);
        response.Content = new StreamContent(body) { Headers = { ContentType = headers.ContentType } };
    }

    private static async Task BoundErrorAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answered = response.Content;
        var start = await ReadStartAsync(await answered.ReadAsStreamAsync(cancellationToken), cancellationToken);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized && request.Headers.Contains(SessionHeader))
        {
            // The client would take JSON-RPC in it for an error of the tool, and keep a session that the server does not know.
            throw new HttpRequestException(
                $"The server answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(start)}", inner: null, response.StatusCode);
        }

        response.Content = new ByteArrayContent(start) { Headers = { ContentType = answered.Headers.ContentType } };
    }

    private static async Task<byte[]> ReadStartAsync(Stream body, CancellationToken cancellationToken)
    {
        var start = new byte[MaxErrorBytes];
        return start[..await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken)];
    }
}
