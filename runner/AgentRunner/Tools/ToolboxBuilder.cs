using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Gateway;
using AgentRunner.Tools.Mcp;
using AgentTools;
using ModelContextProtocol;

namespace AgentRunner.Tools;

/// <summary>Makes the tools that a spec asks for.</summary>
/// <param name="options">The workspace, the environment of commands, and the roots that MCP servers over HTTPS are trusted by.</param>
/// <param name="maxToolOutputBytes">How much of a tool's output the model is told.</param>
/// <param name="memory">For the shell.</param>
/// <param name="retry">Waits for MCP servers that do not answer yet.</param>
/// <param name="builtIns">Gives the built-in tools by their names; null gives the real ones.</param>
internal sealed class ToolboxBuilder(
    RunnerOptions options, int maxToolOutputBytes, IMemoryMonitor? memory, GatewayRetry retry, Func<string, ITool?>? builtIns = null)
    : IAsyncDisposable
{
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(30);

    private readonly List<McpServer> _servers = [];

    /// <summary>Shared by all MCP servers; created for the first one.</summary>
    private SocketsHttpHandler? _network;

    /// <summary>Makes them.</summary>
    /// <exception cref="RunnerException">The spec asks for a tool that does not exist, or a server does not answer.</exception>
    public async Task<Toolbox> BuildAsync(IReadOnlyList<ToolDefinition> definitions, CancellationToken cancellationToken)
    {
        var tools = new List<AdvertisedTool>();
        var leftOut = new List<LeftOutTool>();
        foreach (var definition in definitions)
        {
            if (definition.McpUrl is not null)
            {
                await ConnectAsync(definition, tools, leftOut, cancellationToken);
            }
            else
            {
                tools.Add(new AdvertisedTool(BuiltIn(definition.Name), definition.Effect));
            }
        }

        return new Toolbox(tools, leftOut);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _network?.Dispose();
    }

    private static RunnerException InvalidSpec(string message) => new(RunnerExitCodes.InvalidSpec, TerminationReasons.InvalidSpec, message);

    private static RunnerException Unavailable(string message, Exception inner) =>
        new(RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable, message, inner);

    private ITool BuiltIn(string name) => builtIns?.Invoke(name) ?? name switch
    {
        "shell" => new ShellTool(options.Workspace, options.CommandEnvironment, RunnerEnvironment.IdempotencyKey, memory),
        "files" => new FilesTool(options.Workspace),
        _ => throw InvalidSpec($"There is no tool '{name}': this runner has shell, files and MCP servers (with a URL)."),
    };

    private async Task ConnectAsync(
        ToolDefinition definition, List<AdvertisedTool> tools, List<LeftOutTool> leftOut, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(definition.McpUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw InvalidSpec($"The URL of the MCP server '{definition.Name}' is not an http or https URL.");
        }

        _network ??= options.Roots.CreateHandler();
        var server = new McpServer(definition.Name, url, maxToolOutputBytes, _network);
        _servers.Add(server);
        var listed = await ListAsync(server, cancellationToken);
        if (definition.Allow.FirstOrDefault(allowed => listed.All(tool => tool?.Name != allowed)) is { } missing)
        {
            throw InvalidSpec($"The MCP server '{definition.Name}' has no tool '{missing}', which the spec allows.");
        }

        var taken = tools.Select(tool => tool.Tool.Name).Concat(leftOut.Select(tool => tool.Tool)).ToHashSet(StringComparer.Ordinal);
        var (advertised, unusable) = McpAdvertising.Choose(definition.Name, listed, definition.Allow, taken);
        tools.AddRange(advertised.Select(
            chosen => new AdvertisedTool(new McpTool(server, chosen.Tool, chosen.Name), definition.Effect, definition.Name)));
        leftOut.AddRange(unusable);
    }

    private async Task<IReadOnlyList<ListedTool?>> ListAsync(McpServer server, CancellationToken cancellationToken)
    {
        try
        {
            return await retry.RunAsync($"connect to MCP server {server.Name}", token => TryListAsync(server, token), cancellationToken);
        }
        catch (GatewayException exception)
        {
            throw Unavailable($"The MCP server '{server.Name}' does not answer: {exception.Message}", exception);
        }
    }

    private static async Task<IReadOnlyList<ListedTool?>> TryListAsync(McpServer server, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ListTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await server.ListToolsAsync(linked.Token);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or McpException or TimeoutException or System.Text.Json.JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await server.EndSessionAsync();
            throw McpRefusal.Describe(server.Name, exception) is { } refusal
                ? Unavailable(refusal, exception)
                : new GatewayException(exception.Message, exception);
        }
    }
}
