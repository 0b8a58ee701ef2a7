using AgentOperator.Protocol;
using AgentRunner.Gateway;

namespace AgentRunner.Loop;

/// <summary>
/// The run's limits and deadline, which may change while the attempt works. Heartbeats bring them, and they are asked for before a run ends because
/// of one. Safe for use by the loop and the heartbeat at a time.
/// </summary>
internal sealed class CurrentLimits : IDisposable
{
    /// <summary>Timers take no more than 49 days.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    /// <summary>A timer may fire slightly early.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly IGateway _gateway;
    private readonly TimeProvider _time;
    private CancellationTokenSource _overdue;
    private RunTerms _terms;
    private DateTimeOffset? _deadline;

    public CurrentLimits(IGateway gateway, RunTerms terms, TimeProvider time)
    {
        (_gateway, _terms, _time) = (gateway, terms, time);
        _overdue = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Arm();
    }

    /// <summary>The limits.</summary>
    public RunLimits Limits
    {
        get
        {
            lock (_lock)
            {
                return _terms.Limits;
            }
        }
    }

    /// <summary>When the run ends whatever it does, by this machine's clock; null without a deadline.</summary>
    public DateTimeOffset? Deadline
    {
        get
        {
            lock (_lock)
            {
                return _deadline;
            }
        }
    }

    /// <summary>Cancelled at the deadline. A deadline beyond a timer's reach is left to the planner, which checks it before each action.</summary>
    public CancellationToken Overdue
    {
        get
        {
            lock (_lock)
            {
                return _overdue.Token;
            }
        }
    }

    /// <summary>Asks the gateway.</summary>
    /// <exception cref="GatewayException">There is no answer.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken) => Update(await _gateway.GetTermsAsync(cancellationToken));

    /// <summary>Takes over what the gateway says, unless it is older than what is known.</summary>
    public void Update(RunTerms terms)
    {
        lock (_lock)
        {
            if (terms.Generation < _terms.Generation)
            {
                return;
            }

            var isMoved = terms.Deadline != _terms.Deadline;
            _terms = terms;
            if (isMoved || (_overdue.IsCancellationRequested && _deadline - _time.GetUtcNow() > Early))
            {
                Arm();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _overdue.Dispose();

    private void Arm()
    {
        // This machine's clock may be off by minutes, so the gateway's clock says how much time is left.
        var left = _terms.Deadline - _terms.Time;
        _deadline = _time.GetUtcNow() + left;
        if (_overdue.IsCancellationRequested)
        {
            _overdue.Dispose();
            _overdue = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        }

        _overdue.CancelAfter(
            left is not { } time || time > LongestTimer ? Timeout.InfiniteTimeSpan : time > TimeSpan.Zero ? time : TimeSpan.Zero);
    }
}
