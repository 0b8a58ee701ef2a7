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

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        attempts.Current is { } last && OutcomePolicy.Of(last, snapshot.Spec).Case == OutcomeCase.Diverged
        && snapshot.Status.Phase != Phases.Suspended
            ? new Blocker(Reasons.Diverged, $"{last.Message} Fix the cause, then suspend and resume the run.")
            : null;
}
