namespace AgentOperator.ControlRuntime;

/// <summary>Observes the changes of an informer's cache, after the cache has them. Exceptions are logged and go no further.</summary>
/// <typeparam name="T">The kind of object.</typeparam>
public interface IInformerObserver<in T>
{
    /// <summary>An object is new to the cache.</summary>
    /// <param name="added">The object.</param>
    /// <param name="isInInitialList">True if the object existed before the informer or the observer started.</param>
    void OnAdded(T added, bool isInInitialList);

    /// <summary>An object changed. Several changes may have been folded into one.</summary>
    /// <param name="previous">The object as the cache had it.</param>
    /// <param name="current">The object as it is now.</param>
    void OnUpdated(T previous, T current);

    /// <summary>An object is gone.</summary>
    /// <param name="deleted">Its last known state, which may not be its final one: a later list may have revealed the deletion.</param>
    void OnDeleted(T deleted);
}
