using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>
/// Waits until the name of the next attempt's pod is free. A pod that is no attempt may have it: a process died after it created the pod and before
/// it claimed the epoch, or a user made it. It is deleted, and the attempt's pod is created anew.
/// </summary>
internal sealed class PodNameGate : IGate
{
    /// <summary>How often to look. A pod without the operator's labels is not watched.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    public string PhaseOf(AttemptLog attempts) => Phases.Recovering;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) => PodOrigin.HolderOfNextName(snapshot, attempts.Number) is { } pod
        ? new Blocker(
            Reasons.PodTerminating,
            $"Waiting for pod {pod.Metadata.Name} to be deleted: it has the name of the next attempt's pod, but it is not one of the run's attempts."
                + (pod.Metadata.Finalizers is [var finalizer, ..] ? $" Its finalizer {finalizer} must be removed first." : ""),
            snapshot.Now + Retry)
        : null;
}
