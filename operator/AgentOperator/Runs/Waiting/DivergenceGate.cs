using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>
/// What is recorded and what the run would do now differ: a person has to look, and resumes the run when the cause is mended.
/// </summary>
internal sealed class DivergenceGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        attempts.Current is { } last && OutcomePolicy.Of(last, snapshot.Spec).Case == OutcomeCase.Diverged
        && snapshot.Status.Phase != Phases.Suspended
            ? new Blocker(Reasons.Diverged, $"{last.Message} When the cause is mended, suspend the run and resume it.")
            : null;
}
