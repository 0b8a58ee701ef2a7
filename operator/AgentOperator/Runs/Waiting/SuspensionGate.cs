using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>Waits while the run is suspended.</summary>
internal sealed class SuspensionGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Suspended;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        snapshot.Spec.Suspend ? new Blocker(Reasons.Suspended, "The run is suspended. To resume it, set spec.suspend to false.") : null;
}
