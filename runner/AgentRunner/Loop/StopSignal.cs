namespace AgentRunner.Loop;

/// <summary>
/// The request to stop, and what is left of the grace period: first the step in flight may finish, then it is given up, and last a commit
/// that is under way is given up too. Between any two of them the journal is whole.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private static readonly TimeSpan StepMargin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CommitMargin = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly TimeSpan grace;
    private readonly CancellationTokenSource step;
    private readonly CancellationTokenSource commit;
    private bool disposed;

    /// <param name="grace">How long the process has after the request.</param>
    /// <param name="time">Measures it.</param>
    public StopSignal(TimeSpan grace, TimeProvider time)
    {
        this.grace = grace;
        step = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        commit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>Why to stop; null while nobody asked for it.</summary>
    public string? Reason { get; private set; }

    /// <summary>The failure that forbids this attempt to go on; null while it may.</summary>
    public Exception? Fatal { get; private set; }

    /// <summary>Whether to start nothing new.</summary>
    public bool IsRequested => Reason is not null || Fatal is not null;

    /// <summary>Cancelled when the step in flight is given up.</summary>
    public CancellationToken StepGivenUp => step.Token;

    /// <summary>Cancelled when commits are given up.</summary>
    public CancellationToken CommitGivenUp => commit.Token;

    /// <summary>Asks to stop within the grace period. The first request counts.</summary>
    public void Request(string reason)
    {
        lock (gate)
        {
            // A signal may come while the process ends.
            if (Reason is null && !disposed)
            {
                Reason = reason;
                step.CancelAfter(Positive(grace - StepMargin));
                commit.CancelAfter(Positive(grace - CommitMargin));
            }
        }
    }

    /// <summary>Stops at once: what is in flight could not be committed any more.</summary>
    public void Abort(Exception cause)
    {
        lock (gate)
        {
            Fatal ??= cause;
        }

        step.Cancel();
        commit.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            step.Dispose();
            commit.Dispose();
        }
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
