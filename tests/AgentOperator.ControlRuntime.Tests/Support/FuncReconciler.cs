namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>A reconciler that is a function.</summary>
internal sealed class FuncReconciler(Func<ObjectKey, CancellationToken, Task<Result>> reconcile) : IReconciler
{
    public Task<Result> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) => reconcile(key, cancellationToken);
}
