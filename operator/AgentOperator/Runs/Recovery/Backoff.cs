using AgentOperator.Api;
using AgentOperator.Runs.Attempts;

namespace AgentOperator.Runs.Recovery;

/// <summary>The pause before the next attempt: doubled by each failure in a row, up to a cap.</summary>
internal static class Backoff
{
    /// <summary>The pause that an attempt's end asks for; zero for "at once".</summary>
    /// <param name="attempts">The attempts, the ended one included.</param>
    /// <param name="row">What follows from its outcome.</param>
    /// <param name="progress">Whether it committed anything.</param>
    /// <param name="failures">Consecutive failures, this one included.</param>
    /// <param name="spec">The pauses.</param>
    /// <param name="jitter">From 0 to less than 1.</param>
    public static TimeSpan After(
        AttemptLog attempts, OutcomeRow row, bool progress, int failures, RecoverySpec spec, double jitter) => row.Pause switch
    {
        // The first disruption costs no time. A cluster that takes pod after pod away before they get anywhere must not be flooded with new ones.
        Pause.AfterSecondInARow when !progress && DisruptionsInARow(attempts) is > 1 and var idle => Delay(spec, idle - 1, jitter),
        Pause.WithoutProgress when !progress => Delay(spec, Math.Max(1, failures), jitter),
        Pause.Always => Delay(spec, Math.Max(1, failures), jitter),
        _ => TimeSpan.Zero,
    };

    /// <summary>The pause after the n-th failure in a row, at most a fifth shorter than the full one.</summary>
    public static TimeSpan Delay(RecoverySpec spec, int failures, double jitter)
    {
        var doubled = spec.BackoffSeconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromSeconds(Math.Min(doubled, spec.MaxBackoffSeconds) * (1 - (0.2 * jitter)));
    }

    private static int DisruptionsInARow(AttemptLog attempts) => attempts.Records.Reverse()
        .TakeWhile(record => OutcomePolicy.Usual(record.Outcome).IsDisruption && record.ToSequence - record.FromSequence <= 1)
        .Count();
}
