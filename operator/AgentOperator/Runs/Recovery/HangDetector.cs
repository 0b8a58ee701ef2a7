using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>Finds agents that run but give no sign of life.</summary>
internal static class HangDetector
{
    /// <summary>When the agent counts as hung if nothing is heard of it; null while its container does not run.</summary>
    public static DateTimeOffset? HungAt(V1Pod pod, RunSnapshot snapshot) =>
        PodFacts.RunningSince(pod) is null ? null : snapshot.SilentSince.AddSeconds(snapshot.Spec.Recovery.HeartbeatTimeoutSeconds);

    /// <summary>How the attempt ended when its agent is silent for too long; null while it is not.</summary>
    public static AttemptEnd? Find(V1Pod pod, RunSnapshot snapshot)
    {
        if (HungAt(pod, snapshot) is not { } deadline || snapshot.Now < deadline)
        {
            return null;
        }

        return PodFacts.IsNodeUnreachable(pod)
            ? new AttemptEnd(Outcomes.NodeLost, snapshot.Now)
            {
                Reason = Disruptions.NodeNotReady, Message = $"Node {pod.Spec.NodeName} does not answer.",
            }
            : new AttemptEnd(Outcomes.Hung, snapshot.Now)
            {
                Reason = Reasons.HeartbeatLost,
                Message = string.Create(
                    CultureInfo.InvariantCulture, $"No sign of life for {snapshot.Spec.Recovery.HeartbeatTimeoutSeconds} s; the pod is replaced."),
            };
    }
}
