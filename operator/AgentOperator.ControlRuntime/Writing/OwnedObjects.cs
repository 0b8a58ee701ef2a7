using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Creates children with names derived from their owner, so that a second try finds the first one's work.</summary>
public static class OwnedObjects
{
    /// <summary>Creates a child, or finds that it was created before.</summary>
    /// <typeparam name="T">The kind of the child.</typeparam>
    /// <param name="create">Creates the child.</param>
    /// <param name="read">Reads the child that is there.</param>
    /// <param name="ownerUid">The UID of the owner that must control it.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <returns>The child as the server has it.</returns>
    /// <exception cref="NameTakenException">An object of that name is there and belongs to somebody else, such as a deleted owner of the same name.</exception>
    /// <exception cref="HttpOperationException">The server refused.</exception>
    public static async Task<T> CreateOnceAsync<T>(
        Func<CancellationToken, Task<T>> create, Func<CancellationToken, Task<T>> read, string ownerUid, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentException.ThrowIfNullOrEmpty(ownerUid);
        try
        {
            return await create(cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsAlreadyExists())
        {
            var existing = await read(cancellationToken);
            return OwnerReferences.IsControlledBy(existing, ownerUid) ? existing : throw new NameTakenException(ObjectKey.Of(existing), exception);
        }
    }
}
