using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace AgentOperator.Api.Tests;

/// <summary>Reads manifests the way the API server does: YAML to JSON to the type.</summary>
internal static class Manifests
{
    public static IReadOnlyList<JsonObject> Parse(string yaml) =>
        [.. yaml.Split("\n---\n").Select(ToJson).OfType<JsonObject>()];

    public static T Read<T>(string yaml) => Parse(yaml).Single().Deserialize<T>(ApiJson.Options)!;

    private static JsonNode? ToJson(string yaml)
    {
        var graph = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object?>(yaml);
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(graph));
    }
}
