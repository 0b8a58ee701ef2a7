using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentTools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>A tool of an MCP server.</summary>
/// <param name="server">The server.</param>
/// <param name="tool">The tool as the server lists it.</param>
/// <param name="advertisedName">The name that the model calls it by.</param>
internal sealed class McpTool(McpServer server, ListedTool tool, string advertisedName) : ITool
{
    /// <summary>The request metadata that carries a keyed call's key.</summary>
    public const string IdempotencyKeyMeta = "agentoperator.dev/idempotency-key";

    /// <inheritdoc/>
    public string Name => advertisedName;

    /// <inheritdoc/>
    public string Description => tool.Description;

    /// <inheritdoc/>
    public JsonElement Schema => tool.Schema;

    /// <inheritdoc/>
    public async Task<ToolOutcome> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(invocation.Timeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        return await TryAsync(invocation, linked.Token, cancellationToken)
            ?? await TryAsync(invocation, linked.Token, cancellationToken)
            ?? ToolOutcome.Failure($"The server '{server.Name}' does not know the session that it has just begun. The tool was not called.");
    }

    /// <summary>Connects and calls the tool.</summary>
    /// <returns>The outcome; null if the server did not know the session: nothing was done, and the call can be sent again.</returns>
    private async Task<ToolOutcome?> TryAsync(ToolInvocation invocation, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            await server.ConnectAsync(limit);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolOutcome.Failure(
                $"The server '{server.Name}' did not accept a connection within {Seconds(invocation)} s. The tool was not called.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return ToolOutcome.Failure($"The connection to the server '{server.Name}' failed: {exception.Message}. The tool was not called.");
        }

        try
        {
            return await CallAsync(invocation, limit, cancellationToken);
        }
        catch (McpSessionLostException)
        {
            return null;
        }
    }

    /// <summary>
    /// Calls the tool. From here on, only the server's own refusal or a connection that was never made proves that it did not run.
    /// </summary>
    /// <exception cref="McpSessionLostException">The server does not know the session. The tool did not run.</exception>
    private async Task<ToolOutcome> CallAsync(ToolInvocation invocation, CancellationToken limit, CancellationToken cancellationToken)
    {
        JsonNode? result;
        try
        {
            result = await server.RequestAsync(RequestMethods.ToolsCall, Parameters(invocation), limit, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolOutcome.Unknown(
                $"The server '{server.Name}' gave no answer within {Seconds(invocation)} s. Whether the call took effect is not known.");
        }
        catch (McpProtocolException exception) when (IsRefusal(exception))
        {
            return ToolOutcome.Failure($"The server '{server.Name}' refused the call: {exception.Message}");
        }
        catch (McpProtocolException exception)
        {
            return ToolOutcome.Unknown(
                $"The server '{server.Name}' answered with an error: {exception.Message}. Whether the call took effect is not known.");
        }
        catch (McpAnswerTooLargeException exception)
        {
            return ToolOutcome.Unknown(
                $"The tool ran, and its result was not read because it is larger than {Bytes(exception.MaxBytes)} bytes. Ask for less at a time.");
        }
        catch (HttpRequestException exception) when (WasNotCarriedOut(exception))
        {
            return ToolOutcome.Failure($"The server '{server.Name}' did not take the call: {exception.Message}");
        }
        catch (Exception exception) when (exception is not McpSessionLostException && IsOfTheConnection(exception))
        {
            return ToolOutcome.Unknown(
                $"The connection to the server '{server.Name}' failed: {exception.Message}. Whether the call took effect is not known.");
        }

        try
        {
            var read = McpResult.Read(result);
            return new ToolOutcome(read.IsError ? ToolEnd.Failed : ToolEnd.Succeeded, read.Text);
        }
        catch (JsonException exception)
        {
            return ToolOutcome.Unknown($"The tool ran, and its result could not be read: {exception.Message}.");
        }
    }

    private JsonObject Parameters(ToolInvocation invocation)
    {
        // The arguments go as the model wrote them: through the kernel's own types numbers and strings would change.
        var parameters = new JsonObject { ["name"] = tool.Name, ["arguments"] = JsonObject.Create(invocation.Arguments) };
        if (invocation.IdempotencyKey is { } key)
        {
            parameters["_meta"] = new JsonObject { [IdempotencyKeyMeta] = key };
        }

        return parameters;
    }

    /// <summary>
    /// Whether an error says that the tool did not run. Internal errors do not: the tool may have thrown in the middle. Nor do the timeouts of
    /// proxies. Some servers report a result that breaks the tool's own output schema as invalid parameters; then, the tool has run.
    /// </summary>
    private static bool IsRefusal(McpProtocolException error) => error.ErrorCode switch
    {
        McpErrorCode.ParseError or McpErrorCode.InvalidRequest or McpErrorCode.MethodNotFound => true,
        McpErrorCode.InvalidParams => !error.Message.Contains("structured content", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>
    /// Whether a request got nowhere, or was refused before anything was done: errors of a proxy behind which a server may have worked do not
    /// count.
    /// </summary>
    private static bool WasNotCarriedOut(HttpRequestException exception) => exception.StatusCode is { } status
        ? status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout
        : exception.HttpRequestError is
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;

    private static bool IsOfTheConnection(Exception exception) =>
        exception is McpException or HttpRequestException or IOException or JsonException or InvalidOperationException or TimeoutException;

    private static string Seconds(ToolInvocation invocation) => invocation.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Bytes(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
