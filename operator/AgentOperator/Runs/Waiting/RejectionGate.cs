using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>
/// Waits after the API server rejected a pod, until it is created again. A webhook may word each refusal differently; without this gate, each would
/// change the status, and that change would wake the run at once. A changed spec is tried at once.
/// </summary>
internal sealed class RejectionGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        snapshot.Status is { WaitingFor: { } message, NextAttemptAt: { } next } status && next > snapshot.Now
        && status.FindCondition(ConditionTypes.Running) is { Reason: Reasons.PodRejected or Reasons.MemoryCapReached } rejected
        && status.ObservedGeneration == snapshot.Run.Metadata.Generation
            ? new Blocker(rejected.Reason, message, next) { NextAttemptAt = next }
            : null;
}
