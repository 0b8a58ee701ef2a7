using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>Reads untrusted JSON of a server.</summary>
internal static class McpJson
{
    /// <summary>A property of an object; null when it is absent or null.</summary>
    /// <exception cref="JsonException">The object names a property twice.</exception>
    public static JsonNode? Property(JsonObject node, string name)
    {
        try
        {
            return node[name];
        }
        catch (ArgumentException exception)
        {
            throw new JsonException("an object names the same property twice", exception);
        }
    }

    /// <summary>A text property of an object; null when it is absent or something else.</summary>
    public static string? Text(JsonObject node, string name) =>
        Property(node, name) is JsonValue value && value.TryGetValue(out JsonElement element) && element.ValueKind == JsonValueKind.String
            ? JsonText.Read(element)
            : null;

    /// <summary>The JSON text of a value.</summary>
    /// <exception cref="JsonException">It holds text that is not Unicode.</exception>
    public static string Write(JsonNode node)
    {
        try
        {
            return node.ToJsonString();
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("it holds text that is not Unicode", exception);
        }
    }

    /// <summary>What a value is, for sentences.</summary>
    public static string Describe(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
