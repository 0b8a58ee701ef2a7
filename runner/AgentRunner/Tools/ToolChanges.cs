using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Tools.Mcp;
using AgentTools;

namespace AgentRunner.Tools;

/// <summary>
/// Compares the tools that a run started with to what is there now. Asks a server when one of its tools is first needed: an attempt does
/// not wait for a server that it does not need.
/// </summary>
/// <param name="definitions">What the spec says.</param>
/// <param name="servers">The MCP servers.</param>
/// <param name="builtIns">Gives the built-in tools by their names; null for one that this runner does not have.</param>
internal sealed class ToolChanges(IReadOnlyList<ToolDefinition> definitions, McpServers servers, Func<string, ITool?> builtIns)
{
    private readonly Dictionary<string, IReadOnlyList<ListedTool?>> _listed = new(StringComparer.Ordinal);

    /// <summary>Compares one tool.</summary>
    /// <returns>What changed; null when the tool can be called as the model knows it. Its description does not matter.</returns>
    /// <exception cref="Exits.RunnerException">Its server does not answer.</exception>
    public async Task<ToolChange?> FindAsync(OfferedTool tool, CancellationToken cancellationToken)
    {
        if (definitions.FirstOrDefault(definition => IsSource(definition, tool)) is not { } definition)
        {
            return Removed(tool);
        }

        if (definition.Effect != tool.Effect)
        {
            return new ToolChange(
                $"The effect of tool '{tool.Name}' changed from {tool.Effect} to {definition.Effect} since the run started.", IsRemoved: false);
        }

        var schemas = tool.Server is null ? BuiltIn(tool) : await ListedAsync(tool, cancellationToken);
        if (schemas.Count > 0 && schemas.All(schema => ToolSchemas.AreSame(schema, JsonElement.Parse(tool.InputSchema))))
        {
            return null;
        }

        // It may be back by the next call: a server in front of others leaves out the tools of those that are away.
        _listed.Remove(tool.Server ?? "");
        return schemas.Count == 0
            ? Removed(tool)
            : new ToolChange($"{Source(tool)} changed the input schema of tool '{tool.Name}' since the run started.", IsRemoved: false);
    }

    private static bool IsSource(ToolDefinition definition, OfferedTool tool) =>
        definition.McpUrl is null == tool.Server is null && definition.Name == (tool.Server ?? tool.Name);

    private static ToolChange Removed(OfferedTool tool) =>
        new($"Tool '{tool.Name}' is no longer offered by {(tool.Server is null ? "the runner" : $"server '{tool.Server}'")}.", IsRemoved: true);

    private static string Source(OfferedTool tool) => tool.Server is null ? "The runner" : $"Server '{tool.Server}'";

    private List<JsonElement> BuiltIn(OfferedTool tool) => builtIns(tool.Name) is { } found ? [found.Schema] : [];

    /// <summary>The schemas that the server lists under the tool's name; undefined for one that cannot be read.</summary>
    private async Task<List<JsonElement>> ListedAsync(OfferedTool tool, CancellationToken cancellationToken)
    {
        if (!_listed.TryGetValue(tool.Server!, out var listed))
        {
            listed = await servers.ListAsync(tool.Server!, cancellationToken);
            _listed.Add(tool.Server!, listed);
        }

        return [.. listed.OfType<ListedTool>().Where(found => found.Name == tool.ServerTool).Select(found => found.Schema)];
    }
}
