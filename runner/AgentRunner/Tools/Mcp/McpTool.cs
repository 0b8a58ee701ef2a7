using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>A tool of an MCP server.</summary>
/// <param name="server">The server.</param>
/// <param name="tool">The tool as the server lists it.</param>
/// <param name="advertisedName">The name that the model calls it by.</param>
internal sealed class McpTool(McpServer server, Tool tool, string advertisedName) : ITool
{
    /// <summary>The request metadata that carries a keyed call's key.</summary>
    public const string IdempotencyKeyMeta = "agentoperator.dev/idempotency-key";

    /// <inheritdoc/>
    public string Name => advertisedName;

    /// <inheritdoc/>
    public string Description => tool.Description ?? tool.Title ?? tool.Name;

    /// <inheritdoc/>
    public JsonElement Schema => tool.InputSchema;

    /// <inheritdoc/>
    public async Task<ToolOutcome> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        // The arguments go as the model wrote them: through the kernel's own types numbers and strings would change.
        var request = new CallToolRequestParams
        {
            Name = tool.Name,
            Arguments = invocation.Arguments.EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value),
            Meta = invocation.IdempotencyKey is { } key ? new JsonObject { [IdempotencyKeyMeta] = key } : null,
        };
        using var timeout = new CancellationTokenSource(invocation.Timeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var result = await server.CallAsync(request, linked.Token);
            var (text, cut) = OutputBuffer.Cut(McpContent.Text(result), invocation.MaxOutputBytes);
            return new ToolOutcome(result.IsError == true, text, cut);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolOutcome.Failure(string.Create(
                CultureInfo.InvariantCulture, $"The server '{server.Name}' gave no answer within {invocation.Timeout.TotalSeconds:0.###} s. Whether the call took effect is not known."));
        }
        catch (McpProtocolException exception)
        {
            return ToolOutcome.Failure($"The server '{server.Name}' refused the call: {exception.Message}");
        }
        catch (Exception exception) when (exception is McpException or HttpRequestException or IOException)
        {
            return ToolOutcome.Failure($"The connection to the server '{server.Name}' failed: {exception.Message}. Whether the call took effect is not known.");
        }
    }
}
