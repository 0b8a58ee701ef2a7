namespace AgentOperator.ControlRuntime;

/// <summary>Is told of the changes in an informer's cache, after the cache has them. An exception is logged and reaches nobody else.</summary>
/// <typeparam name="T">The kind of object.</typeparam>
public interface IInformerObserver<in T>
{
    /// <summary>An object is new to the cache.</summary>
    /// <param name="added">The object.</param>
    /// <param name="isInInitialList">True when it was there before the informer or the observer started, so it is no news.</param>
    void OnAdded(T added, bool isInInitialList);

    /// <summary>An object changed. Several changes may have been folded into one.</summary>
    /// <param name="previous">The object as the cache had it.</param>
    /// <param name="current">The object as it is now.</param>
    void OnUpdated(T previous, T current);

    /// <summary>An object is gone.</summary>
    /// <param name="deleted">Its last known state; not always its very last one, since a deletion may be learned from a later list.</param>
    void OnDeleted(T deleted);
}
