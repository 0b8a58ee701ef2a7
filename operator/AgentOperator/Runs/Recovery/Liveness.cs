using AgentOperator.Journal;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>
/// A snapshot of everything that changes while an agent is alive. Only changes count, because the times come from other machines' clocks.
/// </summary>
/// <param name="PodUid">The pod; null if there is none.</param>
/// <param name="Running">Whether the agent's container is running.</param>
/// <param name="Heartbeat">The timestamp of the last heartbeat.</param>
/// <param name="Sequence">The sequence of the last record that the pod committed.</param>
internal sealed record Liveness(string? PodUid, bool Running, DateTimeOffset? Heartbeat, long Sequence)
{
    public static Liveness Of(V1Pod? pod, JournalHead? head) => pod is null
        ? new Liveness(null, false, null, 0)
        : new Liveness(
            pod.Metadata.Uid, PodFacts.RunningSince(pod) is not null, PodFacts.Heartbeat(pod), head?.PodUid == pod.Metadata.Uid ? head.Sequence : 0);
}
