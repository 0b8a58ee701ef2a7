using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentRunner.Tools.Mcp;

/// <summary>
/// The result of an MCP tool, read from its JSON. Reads only what the model is told: the tool has already run, so unknown
/// annotations, icons, metadata and kinds of content must not cost its result.
/// </summary>
/// <param name="IsError">Whether the tool says that it failed.</param>
/// <param name="Text">The texts, one after the other; other content is only named. Structured content is used when there is nothing else.</param>
internal sealed record McpResult(bool IsError, string Text)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is no result of a tool; the message says why and quotes nothing.</exception>
    public static McpResult Read(JsonNode? result)
    {
        if (result is not JsonObject root)
        {
            throw new JsonException($"it is {McpJson.Describe(result)}, not an object");
        }

        if (McpJson.Text(root, "resultType") == "input_required")
        {
            throw new JsonException("the server asks for further input, which an agent cannot give");
        }

        var parts = Content(root).Select(Show).ToList();
        var structured = parts.Count == 0 ? McpJson.Property(root, "structuredContent") : null;
        return new McpResult(IsErrorOf(root), structured is null ? string.Join('\n', parts) : McpJson.Write(structured));
    }

    private static JsonArray Content(JsonObject result) => McpJson.Property(result, "content") switch
    {
        null => [],
        JsonArray blocks => blocks,
        var other => throw new JsonException($"its content is {McpJson.Describe(other)}, not an array"),
    };

    private static bool IsErrorOf(JsonObject result) => McpJson.Property(result, "isError") switch
    {
        null => false,
        JsonValue value when value.TryGetValue(out bool isError) => isError,
        var other => throw new JsonException($"its isError is {McpJson.Describe(other)}, not a boolean"),
    };

    private static string Show(JsonNode? block)
    {
        if (block is not JsonObject content)
        {
            return $"[content that is {McpJson.Describe(block)} is not shown]";
        }

        var type = McpJson.Text(content, "type");
        return type switch
        {
            "text" when McpJson.Text(content, "text") is { } text => text,
            "resource" when McpJson.Property(content, "resource") is JsonObject resource && McpJson.Text(resource, "text") is { } text => text,
            "resource_link" when McpJson.Text(content, "uri") is { } uri => $"[resource {uri}]",
            _ => $"[{type ?? "untyped"} content is not shown]",
        };
    }
}
