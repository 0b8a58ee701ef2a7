using System.Globalization;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Models;

namespace AgentOperator.Chaos.Cluster;

/// <summary>The objects of one kind on the API server. Objects are never changed in place: a write puts a new one.</summary>
internal sealed class ObjectTable<T>(Func<long> nextVersion)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly SortedDictionary<ObjectKey, T> _objects = new(Comparer<ObjectKey>.Create(
        (one, other) =>
            string.CompareOrdinal(one.Namespace, other.Namespace) is var order and not 0 ? order : string.CompareOrdinal(one.Name, other.Name)));

    /// <summary>Told of every change, in order.</summary>
    public event Action<ObjectChange<T>>? Changed;

    public IEnumerable<T> All => _objects.Values;

    public T? Get(ObjectKey key) => _objects.GetValueOrDefault(key);

    /// <summary>Stores an object under a new version.</summary>
    public T Put(T value)
    {
        value.Metadata = value.Metadata with { ResourceVersion = nextVersion().ToString(CultureInfo.InvariantCulture) };
        _objects[ObjectKey.Of(value)] = value;
        Changed?.Invoke(new ObjectChange<T>(ObjectKey.Of(value), value));
        return value;
    }

    public void Remove(ObjectKey key)
    {
        if (_objects.Remove(key))
        {
            nextVersion();
            Changed?.Invoke(new ObjectChange<T>(key, null));
        }
    }
}
