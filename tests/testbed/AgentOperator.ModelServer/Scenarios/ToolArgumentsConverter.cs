using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace AgentOperator.ModelServer.Scenarios;

/// <summary>Reads <see cref="ToolArguments"/> with JSON's types; YamlDotNet's own object graph makes every scalar a string.</summary>
internal sealed partial class ToolArgumentsConverter : IYamlTypeConverter
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool Accepts(Type type) => type == typeof(ToolArguments);

    public object ReadYaml(IParser parser, Type type, ObjectDeserializer rootDeserializer)
    {
        if (parser.TryConsume<Scalar>(out var raw))
            return new ToolArguments(raw.Value);
        if (!parser.Accept<MappingStart>(out var other))
            throw new YamlException(other?.Start ?? Mark.Empty, other?.End ?? Mark.Empty, "Tool arguments are a mapping or a string.");
        return new ToolArguments(ReadNode(parser)!.ToJsonString(Compact));
    }

    public void WriteYaml(IEmitter emitter, object? value, Type type, ObjectSerializer serializer) =>
        throw new NotSupportedException("Scenarios are only read.");

    private static JsonNode? ReadNode(IParser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
            return ReadScalar(scalar);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var array = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
                array.Add(ReadNode(parser));
            return array;
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            var mapping = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<Scalar>();
                if (!mapping.TryAdd(key.Value, ReadNode(parser)))
                    throw new YamlException(key.Start, key.End, $"The argument '{key.Value}' is given twice.");
            }

            return mapping;
        }

        var current = parser.Current;
        throw new YamlException(current?.Start ?? Mark.Empty, current?.End ?? Mark.Empty, "Tool arguments take no anchors and aliases.");
    }

    private static JsonNode? ReadScalar(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(scalar.Value);
        return scalar.Value switch
        {
            "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            var number when JsonNumber().IsMatch(number) => JsonNode.Parse(number),
            var text => JsonValue.Create(text),
        };
    }

    [GeneratedRegex(@"^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();
}
