namespace AgentOperator.ControlRuntime;

/// <summary>What a successful reconcile asks for. It is ignored when the reconcile throws: the queue's backoff decides then.</summary>
/// <param name="RequeueAfter">When to reconcile the same key again even if nothing changes; null for "only on a change".</param>
public sealed record Result(TimeSpan? RequeueAfter)
{
    /// <summary>Nothing more to do until something changes.</summary>
    public static Result Done { get; } = new((TimeSpan?)null);

    /// <summary>Reconcile again after a time.</summary>
    /// <param name="delay">The time to wait; zero or less means at once.</param>
    /// <returns>The result.</returns>
    public static Result After(TimeSpan delay) => new(delay);
}
