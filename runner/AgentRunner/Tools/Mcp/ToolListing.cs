using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentRunner.Tools.Mcp;

/// <summary>
/// Reads the tools that an MCP server lists, each by itself, so that an unusual one costs only itself. Does not judge schemas: only
/// the provider knows which it takes.
/// </summary>
internal static class ToolListing
{
    /// <summary>The schema of a tool that takes any arguments: <c>true</c>, or none at all. Providers want an object.</summary>
    private static readonly JsonElement AnyArguments = JsonElement.Parse("""{"type":"object"}""");

    /// <summary>Reads one.</summary>
    /// <returns>The tool; null when it has no name to call it by.</returns>
    public static ListedTool? Read(JsonNode? listed)
    {
        try
        {
            return listed is JsonObject tool && McpJson.Text(tool, "name") is { Length: > 0 } name ? Read(name, tool) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ListedTool Read(string name, JsonObject tool)
    {
        try
        {
            var description = McpJson.Text(tool, "description") ?? McpJson.Text(tool, "title") ?? name;
            return McpJson.Property(tool, "inputSchema") switch
            {
                null => new ListedTool(name, description, AnyArguments),
                JsonObject schema => new ListedTool(name, description, JsonElement.Parse(McpJson.Write(schema))),
                JsonValue value when value.TryGetValue(out bool any) => any
                    ? new ListedTool(name, description, AnyArguments)
                    : Unusable(name, "its input schema is false, which no arguments can match"),
                var other => Unusable(name, $"its input schema is {McpJson.Describe(other)}, not an object"),
            };
        }
        catch (JsonException exception)
        {
            return Unusable(name, $"its input schema cannot be read: {exception.Message}");
        }
    }

    private static ListedTool Unusable(string name, string problem) => new(name, "", default, problem);
}
