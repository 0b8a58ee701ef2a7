namespace AgentOperator.ControlRuntime;

/// <summary>A cache of one kind, as health checks and the controller manager see it.</summary>
public interface IInformer
{
    /// <summary>What is cached.</summary>
    ResourceDefinition Definition { get; }

    /// <summary>True once the first complete list is in the cache. Until then, an object that is not in it may exist.</summary>
    bool HasSynced { get; }

    /// <summary>Waits for the first complete list. It waits for as long as the API server fails: bound it by the token.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the cache is in sync.</returns>
    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
