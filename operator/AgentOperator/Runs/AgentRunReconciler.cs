using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using k8s.Autorest;

namespace AgentOperator.Runs;

/// <summary>
/// Brings a run forward: gather, decide, execute, until nothing is left to do; then one status apply if the status changed, and after it the events and
/// metrics that tell of the change.
/// </summary>
internal sealed partial class AgentRunReconciler(
    ILister<AgentRun> runs,
    SnapshotReader reader,
    PlanExecutor executor,
    IStatusWriter<AgentRun> statuses,
    StatusMemory memory,
    LifeSigns signs,
    RunEvents events,
    RunMetrics metrics,
    TimeProvider time,
    ILogger<AgentRunReconciler> logger) : IReconciler
{
    /// <summary>More rounds than any way through the decisions has; more would be a loop.</summary>
    private const int MaxRounds = 10;

    /// <summary>How often a status is written at most while only the agent's progress changes.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    public async Task<Result> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (runs.Get(key) is not { } run || run.Metadata.DeletionTimestamp is not null)
        {
            // What a run owns goes by its owner references.
            memory.Forget(key);
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
                if (action is RunAction.AnswerCall answer)
                {
                    events.RecordAnswer(snapshot.Run, answer);
                }
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
        var change = StatusComparer.Compare(before.Status, plan.Status);
        if (change == StatusChange.None)
        {
            return ResultOf(plan.CheckAt);
        }

        if (change == StatusChange.Progress && memory.WrittenAt(before.Run) + ProgressInterval is { } due && due > time.GetUtcNow())
        {
            return ResultOf(Times.Earliest(plan.CheckAt, due));
        }

        if (CachedObjects.IsShort(before.Run))
        {
            throw new InvalidOperationException("a status cannot be made of a run that is kept in short");
        }

        string version;
        try
        {
            var document = Document(before.Run, memory.NewestVersion(before.Run), plan.Status);
            version = await statuses.ApplyAsync(ObjectKey.Of(before.Run), ApiConstants.FieldManager, document, cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            LogGone(logger);
            return Result.Done;
        }

        memory.Remember(before.Run, plan.Status, version, time.GetUtcNow());
        if (change == StatusChange.Transition)
        {
            LogChanged(logger, before.Status.Phase, plan.Status.Phase, plan.Status.Attempt, plan.Status.Checkpoint?.Sequence);
            events.Record(before.Run, before.Status, plan.Status);
            metrics.Record(before.Status, plan.Status);
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

    /// <summary>
    /// With the UID, the status of a run that was deleted meanwhile is not written to its namesake; with the version, a leader that was overtaken does
    /// not write over its successor's status.
    /// </summary>
    private static JsonElement Document(AgentRun run, string? version, AgentRunStatus status) => JsonSerializer.SerializeToElement(
        new
        {
            apiVersion = ApiConstants.ApiVersion,
            kind = ApiConstants.AgentRunKind,
            metadata = new { name = run.Metadata.Name, @namespace = run.Metadata.NamespaceProperty, uid = run.Metadata.Uid, resourceVersion = version },
            status,
        },
        ApiJson.Options);

    private static Dictionary<string, object> Scope(AgentRun run) => new()
    {
        ["namespace"] = run.Metadata.NamespaceProperty,
        ["name"] = run.Metadata.Name,
        ["uid"] = run.Metadata.Uid,
        ["attempt"] = run.Status?.Attempt ?? 0,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Phase {From} -> {To}, attempt {Attempt}, sequence {Sequence}")]
    private static partial void LogChanged(ILogger logger, string? from, string? to, int? attempt, long? sequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The run is gone: its status is not written")]
    private static partial void LogGone(ILogger logger);
}
