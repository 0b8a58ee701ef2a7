using System.Buffers;
using System.Text.Json;
using AgentOperator.Api.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Changes fields of a request's body. Only the top level is read; the rest is copied as it is, since it may be megabytes.</summary>
internal static class RequestBody
{
    /// <summary>No fields.</summary>
    public static readonly IReadOnlyDictionary<string, JsonElement> NoFields = new Dictionary<string, JsonElement>();

    /// <summary>The body with fields added or replaced, and with the limit of output tokens under another name.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="parameters">The fields. What the gateway owns is left out.</param>
    /// <param name="outputLimit">The name of the limit; null to leave it. A body without a limit gets none.</param>
    public static ReadOnlyMemory<byte> With(
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, JsonElement> parameters, string? outputLimit)
    {
        var added = parameters.Where(field => !ParameterRules.IsOwned(field.Key)).ToList();
        if (added.Count == 0 && outputLimit is null)
        {
            return body;
        }

        var buffer = new ArrayBufferWriter<byte>(body.Length + 1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        var hasLimit = false;
        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var isLimit = outputLimit is not null && ParameterRules.OutputLimits.Contains(name);
            if (added.Exists(field => field.Key == name) || (isLimit && hasLimit))
            {
                continue;
            }

            hasLimit |= isLimit;
            json.WritePropertyName(isLimit ? outputLimit! : name);
            json.WriteRawValue(body.Span[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }

        foreach (var (name, value) in added)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
