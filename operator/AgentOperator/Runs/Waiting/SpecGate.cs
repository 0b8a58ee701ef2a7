using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>No attempt starts under a spec that breaks a rule, or that is not the one the run was accepted with.</summary>
internal sealed class SpecGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        snapshot.SpecViolations.Count > 0 ? new Blocker(Reasons.InvalidSpec, SpecProblems.Describe(snapshot.SpecViolations))
        : snapshot.ChangedFields.Count > 0 ? new Blocker(Reasons.ImmutableField, SpecProblems.DescribeChanges(snapshot.ChangedFields))
        : null;
}
