using System.Security.Cryptography;
using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Gateway;

namespace AgentRunner.Tools.Mcp;

/// <summary>The MCP servers of a run.</summary>
/// <param name="roots">The roots that servers over HTTPS are trusted by.</param>
/// <param name="maxToolOutputBytes">How much of a tool's output the model is told.</param>
/// <param name="retry">Waits for servers that do not answer yet.</param>
internal sealed class McpServers(SystemRoots roots, int maxToolOutputBytes, GatewayRetry retry) : IAsyncDisposable
{
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, McpServer> _servers = new(StringComparer.Ordinal);

    /// <summary>Connections by the certificates that are trusted besides the system's; empty for none.</summary>
    private readonly Dictionary<string, SocketsHttpHandler> _networks = new(StringComparer.Ordinal);

    /// <summary>The server of a definition. Does not connect.</summary>
    /// <exception cref="RunnerException">Its URL or its certificates cannot be used.</exception>
    public McpServer Get(ToolDefinition definition)
    {
        if (!_servers.TryGetValue(definition.Name, out var server))
        {
            if (!HttpUrl.TryParse(definition.McpUrl, out var url, out var problem))
            {
                throw InvalidSpec($"The URL of the MCP server '{definition.Name}' cannot be used: {problem}.");
            }

            server = new McpServer(definition.Name, url, maxToolOutputBytes, Network(definition));
            _servers.Add(definition.Name, server);
        }

        return server;
    }

    /// <summary>The tools that a server lists; null stands for one without a name.</summary>
    /// <exception cref="RunnerException">It does not answer.</exception>
    public async Task<IReadOnlyList<ListedTool?>> ListAsync(string name, CancellationToken cancellationToken)
    {
        var server = _servers[name];
        try
        {
            return await retry.RunAsync($"connect to MCP server {server.Name}", token => TryListAsync(server, token), cancellationToken);
        }
        catch (GatewayException exception)
        {
            throw Unavailable($"The MCP server '{server.Name}' does not answer: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        foreach (var network in _networks.Values)
        {
            network.Dispose();
        }
    }

    private static RunnerException InvalidSpec(string message) => new(RunnerExitCodes.InvalidSpec, TerminationReasons.InvalidSpec, message);

    private static RunnerException Unavailable(string message, Exception inner) =>
        new(RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable, message, inner);

    private SocketsHttpHandler Network(ToolDefinition definition)
    {
        var caBundle = definition.McpCaBundle ?? "";
        if (_networks.TryGetValue(caBundle, out var network))
        {
            return network;
        }

        try
        {
            network = roots.CreateHandler(caBundle);
        }
        catch (CryptographicException)
        {
            throw InvalidSpec($"The caBundle of the MCP server '{definition.Name}' holds a certificate that cannot be read.");
        }

        _networks.Add(caBundle, network);
        return network;
    }

    private static async Task<IReadOnlyList<ListedTool?>> TryListAsync(McpServer server, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ListTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await server.ListToolsAsync(linked.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // The client throws exceptions of many kinds at what it cannot read. All of them are about what the server sent.
            await server.EndSessionAsync();
            throw McpRefusal.Describe(server.Name, exception) is { } refusal
                ? Unavailable(refusal, exception)
                : new GatewayException(exception.Message, exception);
        }
    }
}
