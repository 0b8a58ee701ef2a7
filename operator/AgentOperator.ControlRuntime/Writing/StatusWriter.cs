using System.Text.Json;
using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Applies status documents with force: this process is the only writer of the fields it applies.</summary>
internal sealed class StatusWriter<T>(IKubernetes client, ResourceDefinition definition, JsonSerializerOptions? options) : IStatusWriter<T>
{
    public async Task<string> ApplyAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(fieldManager);
        ArgumentNullException.ThrowIfNull(statusDocument);
        var document = ApplyDocument.Parse(statusDocument, options);
        Check(key, document);
        var patch = new V1Patch(ApplyDocument.Write(document), V1Patch.PatchType.ApplyPatch);

        // The answer is left as JSON: it may hold more than the type can read.
        var answer = definition.Namespaced
            ? await client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
                patch, definition.Group, definition.Version, key.Namespace, definition.Plural, key.Name, fieldManager: fieldManager, force: true,
                cancellationToken: cancellationToken)
            : await client.CustomObjects.PatchClusterCustomObjectStatusAsync(
                patch, definition.Group, definition.Version, definition.Plural, key.Name, fieldManager: fieldManager, force: true,
                cancellationToken: cancellationToken);
        return answer is JsonElement written ? ObjectReader<V1Namespace>.ResourceVersion(written) : "";
    }

    private void Check(ObjectKey key, JsonElement document)
    {
        var metadata = Member(document, "metadata");
        Require(Text(document, "apiVersion") == definition.ApiVersion, $"apiVersion must be {definition.ApiVersion}");
        Require(Text(document, "kind") == definition.Kind, $"kind must be {definition.Kind}");
        Require(Text(metadata, "name") == key.Name, $"metadata.name must be {key.Name}");
        Require(Member(document, "status").ValueKind == JsonValueKind.Object, "status must be there");
        Require(IsAbsent(document, "spec"), "spec must be absent");
        Require(IsAbsent(metadata, "managedFields"), "metadata.managedFields must be absent");
    }

    private static bool IsAbsent(JsonElement element, string name) => Member(element, name).ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException($"A status document is a small document of one's own fields, not the object that was read: {rule}.");
        }
    }
}
