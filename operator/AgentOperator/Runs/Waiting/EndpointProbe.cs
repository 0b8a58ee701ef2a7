using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>
/// Which run finds out whether a ModelEndpoint is available again. Decided from the runs alone, so it needs no memory: the one that tried longest
/// ago, then the oldest. One run cannot hold up the others that way, even if it is the only one that the provider fails.
/// </summary>
internal static class EndpointProbe
{
    /// <summary>An attempt that has not found out by then is no longer waited for: its pod may wait for a node, its agent may run a tool.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs that were at work before make calls by themselves, so the next attempt waits this long for one of them.</summary>
    public static readonly TimeSpan ForRunsAtWork = TimeSpan.FromMinutes(1);

    /// <summary>Whether a run that only waits for the endpoint goes on now.</summary>
    /// <param name="run">The run.</param>
    /// <param name="others">All runs that use the endpoint and have not ended. May include the run.</param>
    /// <param name="outage">The outage, whose time has come.</param>
    /// <param name="now">The current time.</param>
    public static bool Is(AgentRun run, IEnumerable<AgentRun> others, EndpointOutage outage, DateTimeOffset now)
    {
        var concerned = others
            .Where(other => other.Metadata.Uid != run.Metadata.Uid && (outage.Model is null || other.Spec.Model.Name == outage.Model))
            .ToList();
        return !concerned.Any(other => IsTrying(other, outage, now))
            && concerned.Where(other => IsWaiting(other, outage)).Append(run).OrderBy(LastTried).ThenBy(Created)
                .ThenBy(other => other.Metadata.Name, StringComparer.Ordinal).First() == run;
    }

    private static bool IsTrying(AgentRun run, EndpointOutage outage, DateTimeOffset now) =>
        run.Status?.Attempts is [.., { Outcome: null } open]
        && (open.StartedAt >= outage.RetryAt ? open.StartedAt + Patience > now : outage.RetryAt + ForRunsAtWork > now);

    /// <summary>Whether a run waits for the endpoint and for nothing else.</summary>
    private static bool IsWaiting(AgentRun run, EndpointOutage outage) =>
        !run.Spec.Suspend && run.Metadata.DeletionTimestamp is null && run.Status?.Phase is Phases.Waiting or Phases.Pending
        && run.Status.FindCondition(ConditionTypes.Running)?.Reason == outage.Reason;

    private static DateTimeOffset LastTried(AgentRun run) =>
        run.Status?.Attempts is [.., { } last] ? last.FinishedAt ?? DateTimeOffset.MinValue : DateTimeOffset.MinValue;

    private static DateTime Created(AgentRun run) => run.Metadata.CreationTimestamp ?? DateTime.MinValue;
}
