using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// The client's custom-object calls, which serve every group (the core group is the empty string). Answers stay JSON where only the version
/// counts: they may hold more than the type can read.
/// </summary>
internal sealed class ObjectClient<T>(IKubernetes client, ResourceDefinition definition, JsonSerializerOptions? options) : IObjectClient<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    private readonly ICustomObjectsOperations _objects = client.CustomObjects;

    public async Task<T?> GetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return Read(definition.Namespaced
                ? await _objects.GetNamespacedCustomObjectAsync(
                    definition.Group, definition.Version, key.Namespace, definition.Plural, key.Name, cancellationToken)
                : await _objects.GetClusterCustomObjectAsync(definition.Group, definition.Version, definition.Plural, key.Name, cancellationToken));
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return default;
        }
    }

    public async Task<T> CreateAsync(T value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.ApiVersion = string.IsNullOrEmpty(value.ApiVersion) ? definition.ApiVersion : value.ApiVersion;
        value.Kind = string.IsNullOrEmpty(value.Kind) ? definition.Kind : value.Kind;
        var body = JsonSerializer.Deserialize<JsonElement>(KubernetesJson.Serialize(value, options));
        return Read(definition.Namespaced
            ? await _objects.CreateNamespacedCustomObjectAsync(
                body, definition.Group, definition.Version, value.Metadata.NamespaceProperty, definition.Plural, cancellationToken: cancellationToken)
            : await _objects.CreateClusterCustomObjectAsync(
                body, definition.Group, definition.Version, definition.Plural, cancellationToken: cancellationToken));
    }

    public Task<string> ApplyAsync(ObjectKey key, string fieldManager, object document, CancellationToken cancellationToken) => ApplyAsync(
        document,
        applied => ApplyRules.CheckObject(definition, key, applied),
        patch => definition.Namespaced
            ? _objects.PatchNamespacedCustomObjectAsync(
                patch, definition.Group, definition.Version, key.Namespace, definition.Plural, key.Name, fieldManager: Manager(fieldManager),
                force: true,
                cancellationToken: cancellationToken)
            : _objects.PatchClusterCustomObjectAsync(
                patch, definition.Group, definition.Version, definition.Plural, key.Name, fieldManager: Manager(fieldManager), force: true,
                cancellationToken: cancellationToken));

    public Task<string> ApplyStatusAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken) =>
        ApplyAsync(
            statusDocument,
            applied => ApplyRules.CheckStatus(definition, key, applied),
            patch => definition.Namespaced
                ? _objects.PatchNamespacedCustomObjectStatusAsync(
                    patch, definition.Group, definition.Version, key.Namespace, definition.Plural, key.Name,
                    fieldManager: Manager(fieldManager), force: true, cancellationToken: cancellationToken)
                : _objects.PatchClusterCustomObjectStatusAsync(
                    patch, definition.Group, definition.Version, definition.Plural, key.Name,
                    fieldManager: Manager(fieldManager), force: true, cancellationToken: cancellationToken));

    public async Task<bool> PatchAsync(ObjectKey key, object patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var body = new V1Patch(KubernetesJson.Serialize(patch, options), V1Patch.PatchType.MergePatch);
        return await TryAsync(() => definition.Namespaced
            ? _objects.PatchNamespacedCustomObjectAsync(
                body, definition.Group, definition.Version, key.Namespace, definition.Plural, key.Name, cancellationToken: cancellationToken)
            : _objects.PatchClusterCustomObjectAsync(
                body, definition.Group, definition.Version, definition.Plural, key.Name, cancellationToken: cancellationToken));
    }

    public Task DeleteAsync(ObjectKey key, V1Preconditions preconditions, int? graceSeconds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(preconditions);
        var body = new V1DeleteOptions { PropagationPolicy = "Background", Preconditions = preconditions, GracePeriodSeconds = graceSeconds };
        return TryAsync(() => definition.Namespaced
            ? _objects.DeleteNamespacedCustomObjectAsync(
                definition.Group, definition.Version, key.Namespace, definition.Plural, key.Name, body, cancellationToken: cancellationToken)
            : _objects.DeleteClusterCustomObjectAsync(
                definition.Group, definition.Version, definition.Plural, key.Name, body, cancellationToken: cancellationToken));
    }

    /// <summary>With force: this process is the only writer of the fields that it applies.</summary>
    private async Task<string> ApplyAsync(object document, Action<JsonElement> check, Func<V1Patch, Task<object>> send)
    {
        ArgumentNullException.ThrowIfNull(document);
        var parsed = ApplyDocument.Parse(document, options);
        check(parsed);
        var answer = await send(new V1Patch(ApplyDocument.Write(parsed), V1Patch.PatchType.ApplyPatch));
        return answer is JsonElement written ? ObjectReader<T>.ResourceVersion(written) : "";
    }

    private static string Manager(string fieldManager)
    {
        ArgumentException.ThrowIfNullOrEmpty(fieldManager);
        return fieldManager;
    }

    /// <summary>False when the object does not exist or is another one now.</summary>
    private static async Task<bool> TryAsync(Func<Task<object>> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (HttpOperationException exception) when (exception.IsNotFound() || exception.IsConflict())
        {
            return false;
        }
    }

    private T Read(object answer) => KubernetesJson.Deserialize<T>((JsonElement)answer, options);
}
