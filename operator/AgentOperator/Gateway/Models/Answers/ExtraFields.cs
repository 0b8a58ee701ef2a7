using System.Buffers;
using System.Text.Json;
using AgentOperator.Api.Validation;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>
/// The fields of a message or call that the gateway has no use for, and that the provider may want back: signatures, encrypted reasoning, its own
/// bookkeeping. Fields that hold nothing are left out: providers that send them do not take all of them back.
/// </summary>
internal static class ExtraFields
{
    /// <summary>The fields of a message; null when there are none.</summary>
    public static JsonElement? OfMessage(JsonElement message) => Collect(
        message.EnumerateObject().Where(field => field.Name switch
        {
            "role" or "tool_calls" or "function_call" or "refusal" or "annotations" or "audio" => false,
            "reasoning_content" => field.Value.ValueKind != JsonValueKind.String,
            "content" => !ContentText.IsPlain(field.Value),
            _ => true,
        }));

    /// <summary>The fields of a tool call, those of its function under <c>function</c>; null when there are none.</summary>
    public static JsonElement? OfCall(JsonElement call)
    {
        if (!call.TryGet("function", JsonValueKind.Object, out var function))
        {
            return null;
        }

        var ofFunction = Collect(function.EnumerateObject().Where(field => field.Name is not ("name" or "arguments")));
        return Collect(
            call.EnumerateObject().Where(field => field.Name switch
            {
                "id" or "function" => false,
                "type" => field.Value is { ValueKind: JsonValueKind.String } type && !type.ValueEquals("function"),
                _ => true,
            }),
            ofFunction);
    }

    /// <summary>Whether a value is null or empty.</summary>
    public static bool IsNothing(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    private static JsonElement? Collect(IEnumerable<JsonProperty> fields, JsonElement? function = null)
    {
        // Of a name that stands twice, the first: strict readers refuse both.
        var kept = fields.Where(field => !field.Value.IsNothing() && field.Value.IsShallow()).DistinctBy(field => field.Name).ToList();
        if (kept.Count == 0 && function is null)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            kept.ForEach(field => field.WriteTo(json));
            if (function is { } ofFunction)
            {
                json.WritePropertyName("function");
                ofFunction.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
