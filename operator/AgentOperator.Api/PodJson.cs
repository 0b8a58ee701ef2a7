using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentOperator.Api;

/// <summary>Reads the parts of a pod that the custom resource passes on as they are.</summary>
public static class PodJson
{
    /// <summary>The API server would drop a field that it does not know, and the pod would be another than the one that was asked for.</summary>
    private static readonly JsonSerializerOptions Strict = new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Reads a part of a pod as its type.</summary>
    /// <exception cref="JsonException">A field is unknown or of the wrong type.</exception>
    public static T Read<T>(JsonElement json) => json.Deserialize<T>(Strict) ?? throw new JsonException("null is no value");
}
