using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using k8s.Autorest;

namespace AgentOperator.Runs;

/// <summary>
/// Reconciles a run: gathers a snapshot, decides, and executes, until no action is left. Then applies the status once, if it changed, and emits
/// events and metrics about the change.
/// </summary>
internal sealed partial class AgentRunReconciler(
    ILister<AgentRun> runs,
    SnapshotReader reader,
    PlanExecutor executor,
    StatusWriter writer,
    StatusMemory memory,
    CreatedPods created,
    LivenessTracker signs,
    RunEvents events,
    RunMetrics metrics,
    TimeProvider time,
    ILogger<AgentRunReconciler> logger) : IReconciler
{
    /// <summary>More rounds than any sequence of decisions needs. Reaching it means a loop.</summary>
    private const int MaxRounds = 10;

    /// <summary>Minimum interval between status writes while only the agent's progress changes.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    public async Task<Result> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (runs.Get(key) is not { } run || (run.Metadata.DeletionTimestamp is not null && Phases.IsTerminal(run.Status?.Phase)))
        {
            // Kubernetes garbage-collects what the run owns.
            memory.Forget(key);
            created.Forget(key);
            signs.Forget(key);
            return Result.Done;
        }

        using var scope = logger.BeginScope(Scope(run));
        var before = await reader.ReadAsync(run, cancellationToken);
        var (plan, deleted) = await SettleAsync(before, cancellationToken);
        return deleted ? Result.Done : await ReportAsync(before, plan, cancellationToken);
    }

    private async Task<(RunPlan Plan, bool Deleted)> SettleAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var plan = RunDecision.Decide(snapshot);
            if (plan.Actions.Count == 0)
            {
                return (plan, false);
            }

            foreach (var action in plan.Actions)
            {
                snapshot = await executor.ExecuteAsync(snapshot, action, cancellationToken);
                events.Record(snapshot, action);
            }

            if (plan.Actions.Any(action => action is RunAction.DeleteRun))
            {
                return (plan, true);
            }
        }

        throw new InvalidOperationException($"the run was not settled after {MaxRounds} rounds");
    }

    private async Task<Result> ReportAsync(RunSnapshot before, RunPlan plan, CancellationToken cancellationToken)
    {
        var wanted = memory.IsRefused(before.Run, plan.Status) ? PlainStatus.Of(plan.Status) : plan.Status;
        var change = StatusComparer.Compare(before.Status, wanted);
        if (change == StatusChange.None)
        {
            return ResultOf(plan.CheckAt);
        }

        if (change == StatusChange.Progress && memory.WrittenAt(before.Run) + ProgressInterval is { } due && due > time.GetUtcNow())
        {
            return ResultOf(Times.Earliest(plan.CheckAt, due));
        }

        if (before.Run is ShortRun)
        {
            throw new InvalidOperationException("cannot build a status from a cached run without its details");
        }

        AgentRunStatus written;
        try
        {
            written = await writer.WriteAsync(before.Run, wanted, cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            LogGone(logger);
            return Result.Done;
        }

        if (change == StatusChange.Transition)
        {
            if (before.Status.Phase != written.Phase)
            {
                LogChanged(logger, before.Status.Phase, written.Phase, written.Attempt, written.Checkpoint?.Sequence);
            }

            events.Record(before.Run, before.Status, plan.Status);
            metrics.Record(before.Status, written);
        }

        return ResultOf(plan.CheckAt);
    }

    private Result ResultOf(DateTimeOffset? checkAt)
    {
        if (checkAt is not { } due)
        {
            return Result.Done;
        }

        var delay = due - time.GetUtcNow();
        return Result.After(delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
    }

    private static Dictionary<string, object> Scope(AgentRun run) => new()
    {
        ["namespace"] = run.Metadata.NamespaceProperty,
        ["name"] = run.Metadata.Name,
        ["uid"] = run.Metadata.Uid,
        ["attempt"] = run.Status?.Attempt ?? 0,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Phase {From} -> {To}, attempt {Attempt}, sequence {Sequence}")]
    private static partial void LogChanged(ILogger logger, string? from, string? to, int? attempt, long? sequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The run no longer exists; skipping its status update")]
    private static partial void LogGone(ILogger logger);
}
