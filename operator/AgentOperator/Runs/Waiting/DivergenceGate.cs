using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>
/// Waits while the run's next action differs from the one in the journal. Someone must fix the cause and then resume the run.
/// </summary>
internal sealed class DivergenceGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) => attempts.Current is { } last && IsDiverged(snapshot, last)
        ? new Blocker(Reasons.Diverged, $"{last.Message} Fix the cause, then suspend and resume the run.")
        : null;

    /// <summary>
    /// Records in the attempt that the run was suspended after it diverged. Resuming it then goes on, whatever the next attempt has to wait for.
    /// </summary>
    public static AttemptLog Review(RunSnapshot snapshot, AttemptLog attempts) =>
        attempts.Current is { } last && IsDiverged(snapshot, last) && (snapshot.Spec.Suspend || snapshot.Status.Phase == Phases.Suspended)
            ? attempts.WithCurrent(last with { Reason = Reasons.DivergenceReviewed })
            : attempts;

    private static bool IsDiverged(RunSnapshot snapshot, AttemptStatus last) => OutcomePolicy.Of(last, snapshot.Spec).Case == OutcomeCase.Diverged;
}
