using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Maps the changes of one kind to keys.</summary>
internal sealed class ControllerSource<T>(IInformer<T> informer, Func<T, IEnumerable<ObjectKey>> map) : IControllerSource
    where T : IKubernetesObject<V1ObjectMeta>
{
    public IDisposable Start(Action<ObjectKey, bool> enqueue) => informer.Subscribe(new Observer(map, enqueue));

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => informer.WaitForSyncAsync(cancellationToken);

    private sealed class Observer(Func<T, IEnumerable<ObjectKey>> map, Action<ObjectKey, bool> enqueue) : IInformerObserver<T>
    {
        public void OnAdded(T added, bool isInInitialList) => Enqueue(map(added), isInInitialList);

        public void OnUpdated(T previous, T current) => Enqueue(map(previous).Concat(map(current)).Distinct(), isInInitialList: false);

        public void OnDeleted(T deleted) => Enqueue(map(deleted), isInInitialList: false);

        private void Enqueue(IEnumerable<ObjectKey> keys, bool isInInitialList)
        {
            foreach (var key in keys)
            {
                enqueue(key, isInInitialList);
            }
        }
    }
}
