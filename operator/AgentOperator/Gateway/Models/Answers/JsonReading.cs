using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>Reads fields that may be missing or of any type.</summary>
internal static class JsonReading
{
    /// <summary>The field, if the element is an object that has it with a value of this kind.</summary>
    public static bool TryGet(this JsonElement element, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    /// <summary>The field's text; null when it is missing or no string.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.TryGet(name, JsonValueKind.String, out var value) ? JsonText.Read(value) : null;
}
