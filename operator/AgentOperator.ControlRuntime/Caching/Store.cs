using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>The objects of one kind by key, with indexes. Safe for any number of readers beside one writer.</summary>
internal sealed class Store<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, T> _objects = [];
    private readonly Index<T> _byNamespace = new(item => [item.Metadata.NamespaceProperty ?? ""]);
    private readonly Index<T> _byOwner = new(item => OwnerReferences.ControllerOf(item) is { } owner ? [owner.Uid] : []);
    private readonly Dictionary<string, Index<T>> _named;

    public Store(IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> indexes) =>
        _named = indexes.ToDictionary(index => index.Key, index => new Index<T>(index.Value));

    public T? Get(ObjectKey key)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<ObjectKey> Keys()
    {
        lock (_lock)
        {
            return [.. _objects.Keys];
        }
    }

    public IReadOnlyList<T> List(string? namespaceName)
    {
        lock (_lock)
        {
            return namespaceName is null ? [.. _objects.Values] : Find(_byNamespace, namespaceName);
        }
    }

    public IReadOnlyList<T> ByOwner(string ownerUid)
    {
        lock (_lock)
        {
            return Find(_byOwner, ownerUid);
        }
    }

    public IReadOnlyList<T> ByIndex(string index, string value)
    {
        if (!_named.TryGetValue(index, out var named))
        {
            throw new ArgumentException($"The informer of {typeof(T).Name} has no index '{index}'.", nameof(index));
        }

        lock (_lock)
        {
            return Find(named, value);
        }
    }

    /// <summary>Adds or replaces an object.</summary>
    /// <returns>The change; nothing when the object is the one that is stored already.</returns>
    public bool TryPut(ObjectKey key, T value, out StoreChange<T> change)
    {
        lock (_lock)
        {
            var previous = _objects.GetValueOrDefault(key);
            change = new StoreChange<T>(previous, value);
            if (previous is not null && IsSame(previous, value))
            {
                return false;
            }

            // Index functions run before anything changes, so one that throws leaves the store as it was.
            var entries = Indexes().Select(index => (Index: index, Values: index.ValuesOf(value))).ToList();
            foreach (var (index, values) in entries)
            {
                index.Put(key, values);
            }

            _objects[key] = value;
            return true;
        }
    }

    /// <summary>Removes an object.</summary>
    /// <returns>The change; nothing when there is none of that key.</returns>
    public bool TryRemove(ObjectKey key, out StoreChange<T> change)
    {
        lock (_lock)
        {
            if (!_objects.Remove(key, out var previous))
            {
                change = default;
                return false;
            }

            foreach (var index in Indexes())
            {
                index.Remove(key);
            }

            change = new StoreChange<T>(previous, default);
            return true;
        }
    }

    private static bool IsSame([NotNull] T previous, T current) =>
        previous.Metadata.ResourceVersion is { Length: > 0 } version
        && version == current.Metadata.ResourceVersion
        && previous.Metadata.Uid == current.Metadata.Uid;

    private IEnumerable<Index<T>> Indexes() => [_byNamespace, _byOwner, .. _named.Values];

    private List<T> Find(Index<T> index, string value) => [.. index.Keys(value).Select(key => _objects[key])];
}
