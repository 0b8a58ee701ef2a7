using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>Pods on the server itself, not in the cache.</summary>
internal interface IPodClient
{
    /// <summary>A pod, or null when there is none of that name.</summary>
    Task<V1Pod?> GetAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Creates a pod.</summary>
    /// <exception cref="k8s.Autorest.HttpOperationException">The server refused.</exception>
    Task<V1Pod> CreateAsync(V1Pod pod, CancellationToken cancellationToken);

    /// <summary>Deletes a pod gracefully if it still has this UID; one that is gone or another is left alone.</summary>
    Task DeleteAsync(ObjectKey key, string uid, CancellationToken cancellationToken);
}
