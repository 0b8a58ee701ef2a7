using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Journal;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>Finds agents that run but give no sign of life.</summary>
internal static class HangDetector
{
    /// <summary>When the agent counts as hung if nothing is heard of it; null while its container does not run.</summary>
    public static DateTimeOffset? HungAt(V1Pod pod, RunSnapshot snapshot)
    {
        if (PodFacts.RunningSince(pod) is not { } started)
        {
            return null;
        }

        // Silence while nobody listened (this process, or the API server, was down) proves nothing.
        var newest = Later(Later(started, snapshot.WatchedSince), PodFacts.Heartbeat(pod));
        return Later(newest, LastCommit(pod, snapshot.Head)) + TimeSpan.FromSeconds(snapshot.Spec.Recovery.HeartbeatTimeoutSeconds);
    }

    /// <summary>How the attempt ended when its agent is silent for too long; null while it is not.</summary>
    public static AttemptEnd? Find(V1Pod pod, RunSnapshot snapshot)
    {
        if (HungAt(pod, snapshot) is not { } deadline || snapshot.Now < deadline)
        {
            return null;
        }

        return PodFacts.IsNodeUnreachable(pod)
            ? new AttemptEnd(Outcomes.NodeLost, snapshot.Now) { Reason = "NodeNotReady", Message = $"Node {pod.Spec.NodeName} does not answer." }
            : new AttemptEnd(Outcomes.Hung, snapshot.Now)
            {
                Reason = Reasons.HeartbeatLost,
                Message = string.Create(
                    CultureInfo.InvariantCulture, $"No sign of life for {snapshot.Spec.Recovery.HeartbeatTimeoutSeconds} s; the pod is replaced."),
            };
    }

    private static DateTimeOffset? LastCommit(V1Pod pod, JournalHead? head) => head?.PodUid == pod.Metadata.Uid ? head.Time : null;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;
}
