using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace AgentOperator.Tests.Gateway;

/// <summary>The protocol as docs/openapi.yaml has it.</summary>
internal static class OpenApiDocument
{
    private static readonly Lazy<JsonObject> Document = new(Read);

    /// <summary>The requests that have a body, by method and path.</summary>
    public static IReadOnlyList<DocumentedRequest> Requests =>
    [
        .. from path in Document.Value["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           let content = operation.Value!["requestBody"]?["content"]?["application/json"]
           where content is not null
           select new DocumentedRequest(path.Key, content["schema"]!.AsObject(), content["example"]!.AsObject()),
    ];

    /// <summary>Every path and the methods that it has.</summary>
    public static IReadOnlyDictionary<string, string[]> Methods => Document.Value["paths"]!.AsObject()
        .ToDictionary(path => path.Key, path => path.Value!.AsObject().Select(operation => operation.Key.ToUpperInvariant()).ToArray());

    /// <summary>The schema itself: references followed, and of alternatives the one for the value's kind.</summary>
    public static JsonObject Resolve(JsonObject schema, JsonNode value)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            return Resolve(Document.Value["components"]!["schemas"]![reference.Split('/')[^1]]!.AsObject(), value);
        }

        return schema["oneOf"] is JsonArray alternatives
            ? alternatives.Select(alternative => Resolve(alternative!.AsObject(), value)).Single(alternative =>
                alternative["properties"]!["kind"]!["enum"]!.AsArray().Any(kind => (string?)kind == (string?)value["kind"]))
            : schema;
    }

    private static JsonObject Read()
    {
        var graph = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize<object?>(Repository.Read("docs/openapi.yaml"));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(graph))!.AsObject();
    }
}
