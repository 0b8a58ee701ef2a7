using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>An answer as a chat message: in the gateway's reply, and in the runner's later requests. The same bytes for the same answer.</summary>
public static class AssistantMessage
{
    /// <summary>Writes it as one JSON object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="text">The content, unless <paramref name="extra"/> has it as the provider wrote it.</param>
    /// <param name="reasoning">The reasoning; null or empty leaves it out.</param>
    /// <param name="calls">The tool calls.</param>
    /// <param name="extra">The other fields of the message.</param>
    public static void Write(Utf8JsonWriter json, string? text, string? reasoning, IReadOnlyList<ToolCall> calls, JsonElement? extra)
    {
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        if ((text is not null || calls.Count == 0) && extra?.TryGetProperty("content", out _) is not true)
        {
            json.WriteString("content", text);
        }

        if (!string.IsNullOrEmpty(reasoning))
        {
            json.WriteString("reasoning_content", reasoning);
        }

        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                Write(json, call);
            }

            json.WriteEndArray();
        }

        WriteFields(json, extra);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ToolCall call)
    {
        json.WriteStartObject();
        json.WriteString("id", call.Id);
        if (call.Extra?.TryGetProperty("type", out _) is not true)
        {
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.Arguments);
        WriteFields(json, call.Extra?.TryGetProperty("function", out var function) is true ? function : null);
        json.WriteEndObject();
        WriteFields(json, call.Extra, except: "function");
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, JsonElement? fields, string? except = null)
    {
        if (fields is { ValueKind: JsonValueKind.Object } given)
        {
            foreach (var field in given.EnumerateObject().Where(field => field.Name != except))
            {
                field.WriteTo(json);
            }
        }
    }
}
