using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Keeps a cache of one kind by list and watch, and tells observers what changed.</summary>
/// <typeparam name="T">The kind of object.</typeparam>
public interface IInformer<T> : IInformer, ILister<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Adds an observer. It is notified of every object already cached, as added by the initial list, and then of every change. No change is
    /// lost in between.
    /// </summary>
    /// <param name="observer">Called on the informer's own loop, one call at a time: it must be quick and must not block.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    IDisposable Subscribe(IInformerObserver<T> observer);
}
