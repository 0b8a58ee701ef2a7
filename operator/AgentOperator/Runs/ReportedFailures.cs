using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Runs.Status;
using k8s.Autorest;

namespace AgentOperator.Runs;

/// <summary>
/// Reconciles runs, and says in a run's status when that keeps failing. Otherwise a run whose reconcile always throws would show its last good
/// status for ever. The next reconcile that succeeds replaces the report. A run that has ended is reported too: it cannot be cleaned up or deleted.
/// </summary>
internal sealed partial class ReportedFailures(
    AgentRunReconciler reconciler,
    ILister<AgentRun> runs,
    IObjectClient<AgentRun> client,
    StatusMemory memory,
    StatusWriter writer,
    RunEvents events,
    TimeProvider time,
    ILogger<ReportedFailures> logger) : IReconciler
{
    /// <summary>Failures in a row before the status says so. One or two are usual: a conflict, a lost connection.</summary>
    public const int MinFailures = 3;

    /// <summary>How long reconciling has to keep failing before the status says so. The first retries follow within milliseconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ObjectKey, Streak> _streaks = new();

    public async Task<Result> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        // Before the next try, not after the failure: a reconcile that took too long has no time left to write a status.
        if (_streaks.TryGetValue(key, out var streak) && streak.IsDue(time.GetUtcNow()))
        {
            await ReportAsync(key, streak, cancellationToken);
        }

        try
        {
            var result = await reconciler.ReconcileAsync(key, cancellationToken);
            _streaks.TryRemove(key, out _);
            return result;
        }
        catch (Exception exception)
        {
            var cause = Describe(exception);
            _streaks.AddOrUpdate(
                key,
                _ => new Streak(time.GetUtcNow(), Guid.NewGuid().ToString("N")[..8], 1, cause),
                (_, known) => known with { Failures = known.Failures + 1, Cause = cause });
            throw;
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "Whatever keeps the report from being written is logged, and must not keep the run from being reconciled.")]
    private async Task ReportAsync(ObjectKey key, Streak streak, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(key, cancellationToken) is not { } run)
            {
                return;
            }

            var before = memory.Newest(run) ?? new AgentRunStatus();
            var after = WithReport(run, before, $"{streak.Cause} The operator keeps trying; its log says more about {streak.Id}.");
            await writer.WriteAsync(run, after, cancellationToken);
            _streaks[key] = streak with { Reported = streak.Cause };
            events.Record(run, before, after);
            LogReported(logger, streak.Failures, streak.Since, streak.Id, streak.Cause);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreported(logger, streak.Failures, streak.Since, streak.Id, streak.Cause, Describe(exception));
        }
    }

    /// <summary>The run with all of its status; null if it is gone. A run that has ended is not whole in the cache.</summary>
    private async Task<AgentRun?> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var run = runs.Get(key) is ShortRun ended && await client.GetAsync(key, cancellationToken) is { } whole
            && whole.Metadata.Uid == ended.Metadata.Uid
                ? whole
                : runs.Get(key);
        return run is ShortRun ? null : run;
    }

    private AgentRunStatus WithReport(AgentRun run, AgentRunStatus before, string message)
    {
        var known = (before.Conditions ?? []).Select(condition => condition.ToStandard()).ToList();
        var set = new ConditionSet(known, run.Metadata.Generation, time.GetUtcNow());
        foreach (var type in known.Select(condition => condition.Type).Where(type => type != ConditionTypes.Running))
        {
            set.Keep(type);
        }

        set.Set(ConditionTypes.Running, false, Reasons.ReconcileError, message);
        return StatusSize.Fit(before with
        {
            Phase = before.Phase ?? Phases.Pending,
            Conditions = [.. set.Conditions.Select(Condition.Of)],
        });
    }

    /// <summary>A sentence without what the exception quotes: requests, answers and file paths are nothing for a status.</summary>
    private static string Describe(Exception exception) => exception switch
    {
        HttpOperationException refused => $"The API server refuses a request: {refused.Summary()}.",
        HttpRequestException => "The API server does not answer.",
        OperationCanceledException => "Reconciling the run does not finish in time.",
        JournalException journal => $"The run's journal cannot be used ({journal.Code}): {journal.Message}.",
        TerminalException terminal => $"Reconciling the run fails: {terminal.Message}.",
        _ => $"Reconciling the run fails with an internal error ({exception.GetType().Name}).",
    };

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Failed {Failures} times since {Since}; the run's status now says so, with the id {CorrelationId}: {Cause}")]
    private static partial void LogReported(ILogger logger, int failures, DateTimeOffset since, string correlationId, string cause);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Failed {Failures} times since {Since}, and the run's status cannot say so, id {CorrelationId}: {Cause} {Obstacle}")]
    private static partial void LogUnreported(
        ILogger logger, int failures, DateTimeOffset since, string correlationId, string cause, string obstacle);

    /// <summary>The failures of a run's reconciles since the last one that succeeded.</summary>
    /// <param name="Since">When the first one failed.</param>
    /// <param name="Id">Connects the status with the operator's log.</param>
    /// <param name="Failures">How many failed.</param>
    /// <param name="Cause">Why the last one failed.</param>
    private sealed record Streak(DateTimeOffset Since, string Id, int Failures, string Cause)
    {
        /// <summary>The cause that the status shows; null if it shows none.</summary>
        public string? Reported { get; init; }

        public bool IsDue(DateTimeOffset now) => Failures >= MinFailures && now - Since >= Patience && Reported != Cause;
    }
}
