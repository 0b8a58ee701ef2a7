using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Reads JSON as the kind, and keeps what identifies an object even when the rest cannot be read.</summary>
/// <param name="definition">The kind.</param>
/// <param name="options">How the objects are read; null for the client's own way.</param>
/// <param name="transform">Reduces an object to what is kept of it; null keeps all of it.</param>
/// <param name="metadataOnly">True to read only the metadata. A server that cannot send metadata alone sends whole objects.</param>
internal sealed class ObjectReader<T>(ResourceDefinition definition, JsonSerializerOptions? options, Func<T, T>? transform, bool metadataOnly = false)
    where T : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Reads only the resource version. A bookmark has nothing else.</summary>
    public static string ResourceVersion(JsonElement json) => Text(Property(json, "metadata"), "resourceVersion");

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "Converters, constructors and the transform may throw anything; one object must not stop the others.")]
    public ReadObject<T> Read(JsonElement json)
    {
        var metadata = Property(json, "metadata");
        var name = Text(metadata, "name");
        var key = name.Length == 0 ? (ObjectKey?)null : new ObjectKey(Text(metadata, "namespace"), name);
        var version = ResourceVersion(json);
        try
        {
            var value = KubernetesJson.Deserialize<T>(metadataOnly ? Metadata(metadata) : json, options)
                ?? throw new JsonException("The object is null.");
            if (key is null || value.Metadata?.Name is null)
            {
                throw new JsonException("The object has no metadata.name.");
            }

            // The items of a list come without them.
            value.ApiVersion ??= definition.ApiVersion;
            value.Kind ??= definition.Kind;

            // Nobody reads them here, and they are often larger than the rest.
            value.Metadata.ManagedFields = null;
            return new ReadObject<T>(key, version, transform is null ? value : transform(value), null);
        }
        catch (Exception exception)
        {
            return new ReadObject<T>(key, version, default, exception);
        }
    }

    private static JsonElement Metadata(JsonElement metadata) =>
        JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["metadata"] = metadata });

    private static JsonElement Property(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    private static string Text(JsonElement json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";
}
