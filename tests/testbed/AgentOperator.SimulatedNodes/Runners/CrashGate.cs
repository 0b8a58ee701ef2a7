namespace AgentOperator.SimulatedNodes.Runners;

/// <summary>Holds agents back until all of them can die at the same moment.</summary>
internal sealed class CrashGate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;

    /// <summary>Agents that came here.</summary>
    public int Arrived => Volatile.Read(ref _arrived);

    /// <summary>Lets all of them through.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>Waits until it is open.</summary>
    public Task PassAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _arrived);
        return _open.Task.WaitAsync(cancellationToken);
    }
}
