using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>Waits after an OOM kill at the memory cap of the spec or the namespace, until the cap is raised.</summary>
internal sealed class MemoryGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) => attempts.Current is { } last && OutOfMemory.IsAtItsEnd(snapshot, last)
        ? new Blocker(Reasons.MemoryCapReached, OutOfMemory.AtItsEnd(snapshot, last), snapshot.MemoryRefusal?.RetryAt)
        {
            NextAttemptAt = snapshot.MemoryRefusal?.RetryAt,
        }
        : null;
}
