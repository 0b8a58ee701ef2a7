using AgentOperator.Journal;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>
/// What changes while an agent lives. Only that it changes counts: the times in it come from other machines' clocks.
/// </summary>
/// <param name="PodUid">The pod; null when there is none.</param>
/// <param name="Running">Whether its agent runs.</param>
/// <param name="Heartbeat">The last heartbeat's stamp.</param>
/// <param name="Sequence">The journal's last record by that pod.</param>
internal sealed record LifeSign(string? PodUid, bool Running, DateTimeOffset? Heartbeat, long Sequence)
{
    public static LifeSign Of(V1Pod? pod, JournalHead? head) => pod is null
        ? new LifeSign(null, false, null, 0)
        : new LifeSign(
            pod.Metadata.Uid, PodFacts.RunningSince(pod) is not null, PodFacts.Heartbeat(pod), head?.PodUid == pod.Metadata.Uid ? head.Sequence : 0);
}
