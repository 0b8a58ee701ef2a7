using System.Diagnostics.CodeAnalysis;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Leader election on a Lease. It does not trust other machines' clocks: a lease has expired when this process saw it unchanged for its whole
/// duration by its own monotonic clock. It is not a fence; what must not happen twice needs one of its own.
/// </summary>
internal sealed partial class LeaderElection(
    LeaseLock leaseLock,
    LeaderElectionSettings settings,
    TimeProvider time,
    Func<double> random,
    ControlRuntimeMetrics metrics,
    ILogger<LeaderElection> logger) : ILeadership, ILeaderElection
{
    private readonly Lock _lock = new();
    private V1Lease? _observed;
    private long _observedAt;
    private long _renewedAt;
    private bool _holds;

    public event EventHandler<bool>? Changed;

    public string Identity => settings.Identity;

    public bool IsLeader
    {
        get
        {
            lock (_lock)
            {
                return _holds && time.GetElapsedTime(_renewedAt) < settings.RenewDeadline;
            }
        }
    }

    public string Leader
    {
        get
        {
            lock (_lock)
            {
                return _observed?.Spec?.HolderIdentity ?? "";
            }
        }
    }

    public async Task<LeaderOutcome> RunAsync(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        using var lost = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        try
        {
            await AcquireAsync(lost, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return LeaderOutcome.Stopped;
        }

        using var endRenewal = CancellationTokenSource.CreateLinkedTokenSource(lost.Token);
        SetHolds(true);
        var renewal = RenewAsync(lost, endRenewal.Token);
        try
        {
            // Renewal goes on while the work drains after a stop.
            await lead(lost.Token);
        }
        finally
        {
            await endRenewal.CancelAsync();
            await renewal;
            SetHolds(false);
            if (!lost.IsCancellationRequested)
            {
                await ReleaseAsync();
            }
        }

        return lost.IsCancellationRequested ? LeaderOutcome.Lost : LeaderOutcome.Stopped;
    }

    private async Task AcquireAsync(CancellationTokenSource lost, CancellationToken stop)
    {
        LogCandidate(logger, settings.Identity, settings.Lease);
        metrics.Candidate(settings.Lease.ToString());
        while (!await TryHoldAsync(lost, stop))
        {
            // Without jitter, candidates that started together would always try together.
            await Task.Delay(settings.RetryPeriod * (1 + (random() * 0.2)), time, stop);
        }
    }

    private async Task RenewAsync(CancellationTokenSource lost, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(settings.RetryPeriod, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!end.IsCancellationRequested && !await RenewOnceAsync(lost, end))
            {
                LogTaken(logger, Leader, settings.Lease);
                await lost.CancelAsync();
            }
        }
    }

    /// <summary>One renewal. A failure is not yet a loss: <c>lost</c> is cancelled by its timer at the renew deadline.</summary>
    /// <returns>False when another process holds the lease.</returns>
    private async Task<bool> RenewOnceAsync(CancellationTokenSource lost, CancellationToken end)
    {
        try
        {
            return await TryHoldAsync(lost, end) || Leader is "" || Leader == settings.Identity;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return true;
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "Whatever fails, the next try may succeed; the caller's deadline decides when it is too late. It is logged.")]
    private async Task<bool> TryHoldAsync(CancellationTokenSource lost, CancellationToken cancellationToken)
    {
        // Counted from before the request, because the server may have stored the renewal at any moment since.
        var asked = time.GetTimestamp();

        // An API server that accepts the request and never answers must not use up the whole deadline.
        using var timeout = new CancellationTokenSource(settings.RenewDeadline / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            if ((await HoldOwnAsync(either.Token) ?? await ReadAndHoldAsync(either.Token)) is not { } held)
            {
                return false;
            }

            Observe(held);
            lock (_lock)
            {
                _renewedAt = asked;
            }

            var left = settings.RenewDeadline - time.GetElapsedTime(asked);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            lost.CancelAfter(left);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            var reason = exception is HttpOperationException http ? http.Summary() : exception.Message;
            LogFailed(logger, settings.Lease, reason);
            return false;
        }
    }

    /// <summary>A leader writes on what it wrote last, without reading it.</summary>
    /// <returns>Null when this process does not lead, or somebody else has written.</returns>
    private async Task<V1Lease?> HoldOwnAsync(CancellationToken cancellationToken)
    {
        V1Lease? own;
        lock (_lock)
        {
            own = _holds && _observed?.Spec?.HolderIdentity == settings.Identity ? _observed : null;
        }

        return own is null ? null : await leaseLock.HoldAsync(own, cancellationToken);
    }

    private async Task<V1Lease?> ReadAndHoldAsync(CancellationToken cancellationToken)
    {
        var current = await leaseLock.ReadAsync(cancellationToken);
        if (current is not null)
        {
            Observe(current);
        }

        return IsFree(current) ? await leaseLock.HoldAsync(current, cancellationToken) : null;
    }

    private void Observe(V1Lease lease)
    {
        lock (_lock)
        {
            if (_observed is null
                || _observed.Metadata.ResourceVersion != lease.Metadata.ResourceVersion
                || _observed.Metadata.Uid != lease.Metadata.Uid)
            {
                _observed = lease;
                _observedAt = time.GetTimestamp();
            }
        }
    }

    private bool IsFree(V1Lease? lease)
    {
        if (lease?.Spec is not { } spec || string.IsNullOrEmpty(spec.HolderIdentity) || spec.HolderIdentity == settings.Identity)
        {
            return true;
        }

        var duration = TimeSpan.FromSeconds(spec.LeaseDurationSeconds ?? settings.LeaseDuration.TotalSeconds);
        lock (_lock)
        {
            return time.GetElapsedTime(_observedAt) >= duration;
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "The release only shortens the handover; the process stops either way. It is logged.")]
    private async Task ReleaseAsync()
    {
        using var timeout = new CancellationTokenSource(settings.RenewDeadline / 2, time);
        try
        {
            // Read again, because an aborted renewal may have reached the server.
            var current = await leaseLock.ReadAsync(timeout.Token);
            if (current?.Spec?.HolderIdentity == settings.Identity && await leaseLock.ReleaseAsync(current, timeout.Token))
            {
                LogReleased(logger, settings.Lease);
            }
        }
        catch (Exception exception)
        {
            var reason = exception is HttpOperationException http ? http.Summary() : exception.Message;
            LogFailed(logger, settings.Lease, reason);
        }
    }

    private void SetHolds(bool holds)
    {
        lock (_lock)
        {
            _holds = holds;
        }

        metrics.LeadershipChanged(settings.Lease.ToString(), holds);
        LogChanged(logger, settings.Identity, holds ? "leads" : "no longer leads", settings.Lease);
        Changed?.Invoke(this, holds);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} is a candidate for the lease {Lease}")]
    private static partial void LogCandidate(ILogger logger, string identity, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} {Change} by the lease {Lease}")]
    private static partial void LogChanged(ILogger logger, string identity, string change, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Information, Message = "The lease {Lease} is released")]
    private static partial void LogReleased(ILogger logger, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Leader} has taken the lease {Lease}")]
    private static partial void LogTaken(ILogger logger, string leader, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease {Lease} could not be read or written: {Reason}")]
    private static partial void LogFailed(ILogger logger, ObjectKey lease, string reason);
}
