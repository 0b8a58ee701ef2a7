namespace AgentOperator.ControlRuntime;

/// <summary>Writes the status subresource by server-side apply.</summary>
/// <typeparam name="T">The kind of object.</typeparam>
public interface IStatusWriter<T>
{
    /// <summary>
    /// Applies a status, taking over fields that another manager owns. Compare with the cached status first and call only on a difference: a status that
    /// carries a fresh timestamp wakes its own controller and loops.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="fieldManager">Who owns the fields; a field left out of the next document of the same manager is removed.</param>
    /// <param name="statusDocument">
    /// A small document of your own fields: <c>apiVersion</c>, <c>kind</c>, <c>metadata.name</c> and <c>status</c>. Never the object that was read:
    /// <c>spec</c> and <c>metadata.managedFields</c> must be absent. With <c>metadata.resourceVersion</c> it is applied to that version only: a process
    /// that decided from an older one, such as a leader that was stopped for a while, gets a conflict instead of undoing what came after.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The object's version with this status; empty when the server's answer has none.</returns>
    /// <exception cref="ArgumentException">The document has a field that must be absent or lacks one that must be there.</exception>
    /// <exception cref="k8s.Autorest.HttpOperationException">The server refused; <c>IsNotFound()</c> means that the object is gone, <c>IsConflict()</c> that it is
    /// not the given version any more.</exception>
    Task<string> ApplyAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken);
}
