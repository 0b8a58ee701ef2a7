using System.Text.Json;
using System.Text.Json.Nodes;
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
        var json = KubernetesJson.Serialize(statusDocument, options);
        Check(key, JsonNode.Parse(json) as JsonObject);
        var patch = new V1Patch(json, V1Patch.PatchType.ApplyPatch);

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

    private void Check(ObjectKey key, JsonObject? document)
    {
        Require((string?)document?["apiVersion"] == definition.ApiVersion, $"apiVersion must be {definition.ApiVersion}");
        Require((string?)document?["kind"] == definition.Kind, $"kind must be {definition.Kind}");
        Require((string?)document?["metadata"]?["name"] == key.Name, $"metadata.name must be {key.Name}");
        Require(document?["status"] is JsonObject, "status must be there");
        Require(document?["spec"] is null, "spec must be absent");
        Require(document?["metadata"]?["managedFields"] is null, "metadata.managedFields must be absent");
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException($"A status document is a small document of one's own fields, not the object that was read: {rule}.");
        }
    }
}
