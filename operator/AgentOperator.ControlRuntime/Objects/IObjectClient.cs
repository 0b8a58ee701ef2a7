using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Reads and writes objects of one kind on the API server itself. Prefer <see cref="ILister{T}" /> for reads that may be a moment old.
/// Any refusal that a method does not name is thrown as <see cref="k8s.Autorest.HttpOperationException" />.
/// </summary>
/// <typeparam name="T">The kind of object.</typeparam>
public interface IObjectClient<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Reads an object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The object; null when there is none of that name.</returns>
    Task<T?> GetAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Creates an object.</summary>
    /// <param name="value">The object, with name and namespace. An empty <c>apiVersion</c> or <c>kind</c> is filled in.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The object as the server has it.</returns>
    /// <exception cref="k8s.Autorest.HttpOperationException"><c>IsAlreadyExists()</c>: there is an object of that name.</exception>
    Task<T> CreateAsync(T value, CancellationToken cancellationToken);

    /// <summary>Applies an object (server-side apply), taking over fields that another manager owns. Creates the object when there is none.</summary>
    /// <param name="key">The object.</param>
    /// <param name="fieldManager">Who owns the fields. A field left out of the same manager's next document is removed.</param>
    /// <param name="document">
    /// A small document of your own fields with <c>apiVersion</c>, <c>kind</c> and <c>metadata.name</c>. Never the object that was read:
    /// <c>status</c> and <c>metadata.managedFields</c> must be absent.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The object's resource version after the apply; empty when the server's answer has none.</returns>
    /// <exception cref="ArgumentException">The document has a field that must be absent or lacks one that is required.</exception>
    Task<string> ApplyAsync(ObjectKey key, string fieldManager, object document, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the status subresource (server-side apply), taking over fields that another manager owns. Compare with the cached status first
    /// and call only on a difference: a status that carries a fresh timestamp wakes its own controller and loops.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="fieldManager">Who owns the fields. A field left out of the same manager's next document is removed.</param>
    /// <param name="statusDocument">
    /// A small document of your own fields: <c>apiVersion</c>, <c>kind</c>, <c>metadata.name</c> and <c>status</c>. Never the object that was read:
    /// <c>spec</c> and <c>metadata.managedFields</c> must be absent. With <c>metadata.resourceVersion</c> it is applied to that version only: a
    /// process that decided from an older one, such as a leader that was stopped for a while, gets a conflict instead of undoing what came
    /// after.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The object's resource version after the apply; empty when the server's answer has none.</returns>
    /// <exception cref="ArgumentException">The document has a field that must be absent or lacks one that is required.</exception>
    /// <exception cref="k8s.Autorest.HttpOperationException"><c>IsNotFound()</c>: there is no such object. <c>IsConflict()</c>: it is no longer
    /// the given version.</exception>
    Task<string> ApplyStatusAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken);

    /// <summary>Changes some fields (JSON merge patch).</summary>
    /// <param name="key">The object.</param>
    /// <param name="patch">
    /// The changed fields; null removes a field. With <c>metadata.uid</c> or <c>metadata.resourceVersion</c> it changes that object or version only.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False when the object does not exist or is not the one that the patch names.</returns>
    Task<bool> PatchAsync(ObjectKey key, object patch, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes an object; what it owns follows in the background. Does nothing when it does not exist or does not meet the preconditions.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="preconditions">The UID, the resource version or both that the object must have.</param>
    /// <param name="graceSeconds">The grace period; shortens one that is under way. Null for the object's own.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the server has taken the deletion. The object may stay for its grace period or its finalizers.</returns>
    Task DeleteAsync(ObjectKey key, V1Preconditions preconditions, int? graceSeconds, CancellationToken cancellationToken);
}
