using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Tools.Mcp;
using AgentTools;

namespace AgentRunner.Tools;

/// <summary>Makes the tools that a spec asks for.</summary>
/// <param name="options">The workspace, and the environment of commands.</param>
/// <param name="servers">The MCP servers.</param>
/// <param name="memory">For the shell.</param>
/// <param name="builtIns">Gives the built-in tools by their names; null gives the real ones.</param>
internal sealed class ToolboxBuilder(
    RunnerOptions options, McpServers servers, IMemoryMonitor? memory, Func<string, ITool?>? builtIns = null)
{
    /// <summary>Makes them as their servers list them now.</summary>
    /// <exception cref="RunnerException">The spec asks for a tool that does not exist, or a server does not answer.</exception>
    public async Task<Toolbox> ListAsync(IReadOnlyList<ToolDefinition> definitions, CancellationToken cancellationToken)
    {
        var tools = new List<AdvertisedTool>();
        var leftOut = new List<LeftOutTool>();
        foreach (var definition in definitions)
        {
            if (definition.McpUrl is not null)
            {
                await ListAsync(definition, tools, leftOut, cancellationToken);
            }
            else
            {
                tools.Add(AdvertisedTool.Of(
                    BuiltIn(definition.Name) ?? throw InvalidSpec(
                        $"There is no tool '{definition.Name}': this runner has shell, files and MCP servers (with a URL)."),
                    definition.Effect));
            }
        }

        return new Toolbox(tools, leftOut);
    }

    /// <summary>Makes those that the run started with. Connects to no server.</summary>
    /// <param name="definitions">What the spec says.</param>
    /// <param name="offered">The tools as the journal has them.</param>
    /// <exception cref="RunnerException">The URL or the certificates of a server cannot be used.</exception>
    public Toolbox Restore(IReadOnlyList<ToolDefinition> definitions, IReadOnlyList<OfferedTool> offered)
    {
        var known = definitions.Where(definition => definition.McpUrl is not null).ToDictionary(
            definition => definition.Name, servers.Get, StringComparer.Ordinal);
        return new Toolbox(
            [.. offered.Select(tool => new AdvertisedTool(tool, tool.Server is null ? BuiltIn(tool.Name) : Remote(tool)))],
            [],
            new ToolChanges(definitions, servers, BuiltIn));

        McpTool? Remote(OfferedTool tool) => known.TryGetValue(tool.Server!, out var server)
            ? new McpTool(server, new ListedTool(tool.ServerTool ?? tool.Name, tool.Description, default), tool.Name)
            : null;
    }

    private static RunnerException InvalidSpec(string message) => new(RunnerExitCodes.InvalidSpec, TerminationReasons.InvalidSpec, message);

    private ITool? BuiltIn(string name) => builtIns?.Invoke(name) ?? name switch
    {
        "shell" => new ShellTool(options.Workspace, options.CommandEnvironment, RunnerEnvironment.IdempotencyKey, memory),
        "files" => new FilesTool(options.Workspace),
        _ => null,
    };

    private async Task ListAsync(
        ToolDefinition definition, List<AdvertisedTool> tools, List<LeftOutTool> leftOut, CancellationToken cancellationToken)
    {
        var server = servers.Get(definition);
        var listed = await servers.ListAsync(definition.Name, cancellationToken);
        if (definition.Allow.FirstOrDefault(allowed => listed.All(tool => tool?.Name != allowed)) is { } missing)
        {
            // Not the spec's defect for certain: a server in front of others leaves out the tools of those that are away.
            throw new RunnerException(
                RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable,
                $"The MCP server '{definition.Name}' does not list the tool '{missing}', which the spec allows. Serve it there, or create a new run "
                + "with the right names.");
        }

        var taken = tools.Select(tool => tool.Offer.Name).Concat(leftOut.Select(tool => tool.Tool)).ToHashSet(StringComparer.Ordinal);
        var (advertised, unusable) = McpAdvertising.Choose(definition.Name, listed, definition.Allow, taken);
        tools.AddRange(advertised.Select(
            chosen => AdvertisedTool.Of(new McpTool(server, chosen.Tool, chosen.Name), definition.Effect, definition.Name, chosen.Tool.Name)));
        leftOut.AddRange(unusable);
    }
}
