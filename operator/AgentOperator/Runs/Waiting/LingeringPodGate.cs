using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>Waits until the pods of earlier attempts have stopped.</summary>
internal sealed class LingeringPodGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Recovering;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) => PodCleanup.Lingering(snapshot, keep: null) is { } pod
        ? new Blocker(Reasons.PodTerminating, $"Waiting for pod {pod.Metadata.Name} to stop.", PodFacts.OverdueAt(pod))
        : null;
}
