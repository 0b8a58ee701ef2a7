namespace AgentRunner.Loop;

/// <summary>
/// The request to stop, and its grace period: first the step in flight may finish, then it is given up, and at last a commit under way is given
/// up too. The journal is consistent at each point.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private static readonly TimeSpan StepMargin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CommitMargin = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeSpan _grace;
    private readonly CancellationTokenSource _step;
    private readonly CancellationTokenSource _commit;
    private bool _disposed;

    /// <param name="grace">How long the process has after the request.</param>
    /// <param name="time">Measures it.</param>
    public StopSignal(TimeSpan grace, TimeProvider time)
    {
        _grace = grace;
        _step = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _commit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>Why to stop; null while nobody asked for it.</summary>
    public string? Reason { get; private set; }

    /// <summary>The failure that ended this attempt; null while it may continue.</summary>
    public Exception? Fatal { get; private set; }

    /// <summary>Whether to start nothing new.</summary>
    public bool IsRequested => Reason is not null || Fatal is not null;

    /// <summary>Cancelled when the step in flight is given up.</summary>
    public CancellationToken StepGivenUp => _step.Token;

    /// <summary>Cancelled when commits are given up.</summary>
    public CancellationToken CommitGivenUp => _commit.Token;

    /// <summary>Asks to stop within the grace period. The first request counts.</summary>
    public void Request(string reason)
    {
        lock (_gate)
        {
            // A signal may come while the process ends.
            if (Reason is null && !_disposed)
            {
                Reason = reason;
                _step.CancelAfter(Positive(_grace - StepMargin));
                _commit.CancelAfter(Positive(_grace - CommitMargin));
            }
        }
    }

    /// <summary>Stops at once: what is in flight could not be committed any more.</summary>
    public void Abort(Exception cause)
    {
        lock (_gate)
        {
            Fatal ??= cause;
        }

        _step.Cancel();
        _commit.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _step.Dispose();
            _commit.Dispose();
        }
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
