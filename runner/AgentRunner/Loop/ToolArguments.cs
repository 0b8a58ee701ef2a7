using System.Text.Json;

namespace AgentRunner.Loop;

/// <summary>The arguments of a tool call as the model wrote them.</summary>
internal static class ToolArguments
{
    /// <summary>What is wrong with them, or null when they are a JSON object. Nothing at all stands for no arguments.</summary>
    public static string? Problem(string raw)
    {
        try
        {
            return Parse(raw).ValueKind == JsonValueKind.Object ? null : "another JSON value";
        }
        catch (JsonException exception)
        {
            return exception.LineNumber is null ? "invalid JSON" : $"invalid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
        }
    }

    /// <summary>Parses them.</summary>
    /// <exception cref="JsonException">They are not JSON.</exception>
    public static JsonElement Parse(string raw)
    {
        using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(raw) ? "{}" : raw);
        return document.RootElement.Clone();
    }
}
