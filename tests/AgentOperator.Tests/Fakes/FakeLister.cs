using AgentOperator.ControlRuntime;
using k8s;
using k8s.Models;

namespace AgentOperator.Tests.Fakes;

/// <summary>A cache that a test fills.</summary>
internal sealed class FakeLister<T> : ILister<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<ObjectKey, T> _objects = [];

    public void Put(T value) => _objects[ObjectKey.Of(value)] = value;

    public void Remove(ObjectKey key) => _objects.Remove(key);

    public T? Get(ObjectKey key) => _objects.GetValueOrDefault(key);

    public IReadOnlyList<T> List(string? namespaceName = null) =>
        [.. _objects.Values.Where(value => namespaceName is null || value.Metadata.NamespaceProperty == namespaceName)];

    public IReadOnlyList<T> ByOwner(string ownerUid) =>
        [.. _objects.Values.Where(value => value.Metadata.OwnerReferences?.Any(owner => owner.Controller == true && owner.Uid == ownerUid) == true)];

    public IReadOnlyList<T> ByIndex(string index, string value) => throw new ArgumentException($"no index {index}", nameof(index));
}
