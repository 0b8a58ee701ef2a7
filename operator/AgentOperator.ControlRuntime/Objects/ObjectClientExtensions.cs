using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Short forms of <see cref="IObjectClient{T}" />.</summary>
public static class ObjectClientExtensions
{
    /// <summary>Deletes exactly this object, with its own grace period. A namesake that took its place is left alone.</summary>
    /// <typeparam name="T">The kind of object.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="value">The object, with its UID.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the server has taken the deletion.</returns>
    public static Task DeleteAsync<T>(this IObjectClient<T> client, T value, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta> => client.DeleteAsync(value, graceSeconds: null, cancellationToken);

    /// <summary>Deletes exactly this object. A namesake that took its place is left alone.</summary>
    /// <typeparam name="T">The kind of object.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="value">The object, with its UID.</param>
    /// <param name="graceSeconds">The grace period; null for the object's own.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the server has taken the deletion.</returns>
    public static Task DeleteAsync<T>(this IObjectClient<T> client, T value, int? graceSeconds, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentException.ThrowIfNullOrEmpty(value.Metadata.Uid);
        return client.DeleteAsync(ObjectKey.Of(value), new V1Preconditions { Uid = value.Metadata.Uid }, graceSeconds, cancellationToken);
    }
}
