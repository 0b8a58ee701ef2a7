using AgentOperator.ControlRuntime;
using k8s;
using k8s.Models;

namespace AgentOperator.Tests.Fakes;

/// <summary>A cache that a test fills, and that tells its observer what is deleted.</summary>
internal sealed class FakeInformer<T> : IInformer<T>, IDisposable
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly FakeLister<T> _objects = new();
    private IInformerObserver<T>? _observer;

    public ResourceDefinition Definition { get; } = ResourceDefinition.Of<T>();

    public bool HasSynced => true;

    public void Put(T value) => _objects.Put(value);

    public void Delete(ObjectKey key)
    {
        var deleted = _objects.Get(key)!;
        _objects.Remove(key);
        _observer?.OnDeleted(deleted);
    }

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public IDisposable Subscribe(IInformerObserver<T> observer)
    {
        _observer = observer;
        return this;
    }

    public void Dispose() => _observer = null;

    public T? Get(ObjectKey key) => _objects.Get(key);

    public IReadOnlyList<T> List(string? namespaceName = null) => _objects.List(namespaceName);

    public IReadOnlyList<T> ByOwner(string ownerUid) => _objects.ByOwner(ownerUid);

    public IReadOnlyList<T> ByIndex(string index, string value) => _objects.ByIndex(index, value);
}
