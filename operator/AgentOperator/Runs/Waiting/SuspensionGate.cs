using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>A suspended run starts no attempt.</summary>
internal sealed class SuspensionGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Suspended;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        snapshot.Spec.Suspend ? new Blocker(Reasons.Suspended, "The run is suspended; it goes on when spec.suspend is false.") : null;
}
