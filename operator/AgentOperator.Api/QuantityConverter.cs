using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentOperator.Api;

/// <summary>Reads a Kubernetes quantity from a number or a string: <c>cpu: 1</c> or <c>cpu: "1"</c>.</summary>
internal sealed class QuantityConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => reader.GetDecimal().ToString(CultureInfo.InvariantCulture),
        _ => throw new JsonException($"A quantity must be a string or a number, not {reader.TokenType}."),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
