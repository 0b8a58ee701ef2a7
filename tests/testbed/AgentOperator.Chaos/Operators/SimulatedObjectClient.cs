using System.Text.Json;
using AgentOperator.Chaos.Cluster;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Models;

namespace AgentOperator.Chaos.Operators;

/// <summary>One replica's client to the objects of one kind on the simulated API server, whose answers may be lost.</summary>
internal sealed class SimulatedObjectClient<T>(ApiConnection api, ObjectTable<T> table) : IObjectClient<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly string _kind = typeof(T).Name;

    /// <summary>The server's rules for a new object.</summary>
    public Func<T, T> Create { get; init; } = table.Put;

    /// <summary>The server's rules for a deletion.</summary>
    public Action<ObjectKey, string, int?> Delete { get; init; } = (key, _, _) => table.Remove(key);

    /// <summary>The object with a status: by its only field manager, what is applied replaces what was.</summary>
    public Func<T, JsonElement, T> WithStatus { get; init; } = (_, _) =>
        throw new NotSupportedException("the kind has no status that is written here");

    /// <summary>The object with other metadata.</summary>
    public Func<T, V1ObjectMeta, T> WithMetadata { get; init; } = (_, _) => throw new NotSupportedException("the kind is not patched here");

    public Task<T?> GetAsync(ObjectKey key, CancellationToken cancellationToken) =>
        api.ReadAsync($"get {_kind} {key.Name}", () => table.Get(key), cancellationToken);

    public Task<T> CreateAsync(T value, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(value);
        return api.WriteAsync(
            $"create {_kind} {key.Name}",
            () => table.Get(key) is null ? Create(value) : throw ApiErrors.AlreadyExists(key.Name),
            cancellationToken);
    }

    public Task<string> ApplyStatusAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken)
    {
        var document = (JsonElement)statusDocument;
        var metadata = document.GetProperty("metadata");
        return api.WriteAsync(
            $"apply status of {_kind} {key.Name}",
            () =>
            {
                var current = table.Get(key) ?? throw ApiErrors.NotFound(key.Name);
                if (!Matches(metadata, "uid", current.Metadata.Uid) || !Matches(metadata, "resourceVersion", current.Metadata.ResourceVersion))
                {
                    throw ApiErrors.Conflict(key.Name);
                }

                return table.Put(WithStatus(current, document.GetProperty("status"))).Metadata.ResourceVersion;
            },
            cancellationToken);
    }

    public Task<string> ApplyAsync(ObjectKey key, string fieldManager, object document, CancellationToken cancellationToken) =>
        throw new NotSupportedException("the operator applies nothing but statuses");

    public Task<bool> PatchAsync(ObjectKey key, object patch, CancellationToken cancellationToken)
    {
        var metadata = JsonSerializer.SerializeToElement(patch).GetProperty("metadata");
        var annotations = metadata.GetProperty("annotations").Deserialize<Dictionary<string, string>>()!;
        return api.WriteAsync($"patch {_kind} {key.Name}", Patch, cancellationToken);

        bool Patch()
        {
            if (table.Get(key) is not { } current || !Matches(metadata, "uid", current.Metadata.Uid))
            {
                return false;
            }

            var merged = annotations.UnionBy(current.Metadata.Annotations ?? new Dictionary<string, string>(), pair => pair.Key);
            table.Put(WithMetadata(current, current.Metadata with { Annotations = merged.ToDictionary() }));
            return true;
        }
    }

    public Task DeleteAsync(ObjectKey key, V1Preconditions preconditions, int? graceSeconds, CancellationToken cancellationToken) =>
        api.WriteAsync($"delete {_kind} {key.Name}", () => Delete(key, preconditions.Uid, graceSeconds), cancellationToken);

    private static bool Matches(JsonElement metadata, string name, string value) =>
        !metadata.TryGetProperty(name, out var wanted) || wanted.GetString() == value;
}
