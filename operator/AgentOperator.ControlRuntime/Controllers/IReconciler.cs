namespace AgentOperator.ControlRuntime;

/// <summary>
/// Brings one object's actual state to its desired state. It is called with a key whenever something it watches may have changed, so it reads the
/// caches, and must be idempotent. One key is never reconciled twice at the same time.
/// </summary>
public interface IReconciler
{
    /// <summary>Reconciles one object.</summary>
    /// <param name="key">The object; it may no longer exist.</param>
    /// <param name="cancellationToken">Cancelled at the reconcile timeout, when leadership is lost, and when a stop outlasts its drain time.</param>
    /// <returns>What to do next.</returns>
    /// <exception cref="TerminalException">Trying again cannot help; the key rests until its object changes.</exception>
    /// <exception cref="Exception">Any other exception is logged and the key is retried with exponential backoff.</exception>
    Task<Result> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken);
}
