using System.Text.Json;

namespace AgentTools;

/// <summary>Reads a tool's arguments.</summary>
internal static class ToolArguments
{
    /// <summary>A text argument; null when it is absent or something else.</summary>
    public static string? Text(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
