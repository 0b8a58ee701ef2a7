using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>Finds running agents that have stopped sending heartbeats and commits.</summary>
internal static class HangDetector
{
    /// <summary>When the agent counts as hung, unless it is active before then; null while its container is not running.</summary>
    public static DateTimeOffset? HungAt(V1Pod pod, RunSnapshot snapshot) =>
        PodFacts.RunningSince(pod) is null ? null : snapshot.SilentSince.AddSeconds(snapshot.Spec.Recovery.HeartbeatTimeoutSeconds);

    /// <summary>The attempt's end if its agent has been silent for too long; null otherwise.</summary>
    public static AttemptEnd? Find(V1Pod pod, RunSnapshot snapshot)
    {
        if (HungAt(pod, snapshot) is not { } deadline || snapshot.Now < deadline)
        {
            return null;
        }

        return PodFacts.IsNodeUnreachable(pod)
            ? new AttemptEnd(Outcomes.NodeLost, snapshot.Now)
            {
                Reason = Disruptions.NodeNotReady, Message = $"Node {pod.Spec.NodeName} is not responding.",
            }
            : new AttemptEnd(Outcomes.Hung, snapshot.Now)
            {
                Reason = Reasons.HeartbeatLost,
                Message = string.Create(
                    CultureInfo.InvariantCulture,
                    $"No heartbeat or commit for {snapshot.Spec.Recovery.HeartbeatTimeoutSeconds} s; replacing the pod."),
            };
    }
}
