using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>The tools that a request offers to the model.</summary>
internal static class RequestedTools
{
    /// <summary>Their names, in the order of the request; empty for one that has none.</summary>
    public static IReadOnlyList<string> NamesOf(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request);
        return document.RootElement.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array
            ? [.. tools.EnumerateArray().Select(NameOf)]
            : [];
    }

    private static string NameOf(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            ? JsonText.Read(name)
            : "";
}
