using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Reads an informer's cache: never the API server, never blocking. What it returns is shared by every reader and must not be changed; copy first.
/// It may be behind the server, so a write must still expect a conflict or "already exists".
/// </summary>
/// <typeparam name="T">The kind of object.</typeparam>
public interface ILister<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>One object.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The object, or null when the cache has none.</returns>
    T? Get(ObjectKey key);

    /// <summary>All objects, in no particular order.</summary>
    /// <param name="namespaceName">Only this namespace; null for all.</param>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<T> List(string? namespaceName = null);

    /// <summary>The objects whose controlling owner reference has this UID.</summary>
    /// <param name="ownerUid">The owner's UID.</param>
    /// <returns>A snapshot; empty when there are none.</returns>
    IReadOnlyList<T> ByOwner(string ownerUid);

    /// <summary>The objects that an index files under a value.</summary>
    /// <param name="index">An index named when the informer was added.</param>
    /// <param name="value">The value to look up.</param>
    /// <returns>A snapshot; empty when there are none.</returns>
    /// <exception cref="ArgumentException">There is no index of that name.</exception>
    IReadOnlyList<T> ByIndex(string index, string value);
}
