using AgentOperator.Api;
using AgentOperator.Runs.Attempts;

namespace AgentOperator.Runs.Recovery;

/// <summary>The backoff before the next attempt. It doubles with each consecutive failure, up to a cap.</summary>
internal static class Backoff
{
    /// <summary>The shortest backoff while something has to be mended. Nobody does that in less.</summary>
    private const int MendingSeconds = 15;

    /// <summary>The backoff after an attempt; zero to start at once.</summary>
    /// <param name="attempts">The attempts, including the ended one.</param>
    /// <param name="row">The consequences of its outcome.</param>
    /// <param name="progress">Whether the attempt made progress.</param>
    /// <param name="failures">Consecutive failures, this one included.</param>
    /// <param name="spec">The spec's backoff settings.</param>
    /// <param name="jitter">From 0 to less than 1.</param>
    public static TimeSpan After(
        AttemptLog attempts, OutcomeRow row, bool progress, int failures, RecoverySpec spec, double jitter) => row.Pause switch
    {
        // The first disruption has no backoff. Repeated disruptions without progress do, so that new pods do not flood the cluster.
        Pause.AfterSecondInARow when !progress && DisruptionsInARow(attempts) is > 1 and var idle => Delay(spec, idle - 1, jitter),
        Pause.WithoutProgress when !progress => Delay(spec, Math.Max(1, failures), jitter),
        Pause.UntilAvailable => Delay(spec, progress ? 1 : EndsInARow(attempts, row), jitter),
        Pause.UntilMended => Delay(
            spec with { BackoffSeconds = Math.Max(MendingSeconds, spec.BackoffSeconds) }, progress ? 1 : EndsInARow(attempts, row), jitter),
        Pause.Always => Delay(spec, Math.Max(1, failures), jitter),
        _ => TimeSpan.Zero,
    };

    /// <summary>
    /// The end of the backoff that a status shows; null if there is none. While a run waits for its endpoint, the status shows instead when that is
    /// tried again.
    /// </summary>
    public static DateTimeOffset? Of(AgentRunStatus status) =>
        status.Phase is Phases.Waiting or Phases.Pending && !MendableEnd.IsReason(status.FindCondition(ConditionTypes.Running)?.Reason)
            ? null
            : status.NextAttemptAt;

    /// <summary>The backoff after the n-th consecutive failure. Jitter shortens it by at most a fifth.</summary>
    public static TimeSpan Delay(RecoverySpec spec, int failures, double jitter)
    {
        var doubled = spec.BackoffSeconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromSeconds(Math.Min(doubled, spec.MaxBackoffSeconds) * (1 - (0.2 * jitter)));
    }

    /// <summary>Whether an attempt that has ended committed nothing but its own beginning.</summary>
    public static bool IsIdle(AttemptStatus ended) => ended.ToSequence - ended.FromSequence <= 1;

    private static int DisruptionsInARow(AttemptLog attempts) => InARow(attempts, record => OutcomePolicy.Usual(record.Outcome).IsDisruption);

    private static int EndsInARow(AttemptLog attempts, OutcomeRow row) => Math.Max(1, InARow(attempts, record => record.Outcome == row.Outcome));

    private static int InARow(AttemptLog attempts, Func<AttemptStatus, bool> isOne) =>
        attempts.Records.Reverse().TakeWhile(record => isOne(record) && IsIdle(record)).Count();
}
