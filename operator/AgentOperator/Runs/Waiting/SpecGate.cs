using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>Waits while the spec is invalid or differs from the accepted one.</summary>
internal sealed class SpecGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        snapshot.SpecViolations.Count > 0 ? new Blocker(Reasons.InvalidSpec, SpecProblems.Describe(snapshot.SpecViolations))
        : snapshot.ChangedFields.Count > 0 ? new Blocker(Reasons.ImmutableField, SpecProblems.DescribeChanges(snapshot.ChangedFields))
        : null;
}
