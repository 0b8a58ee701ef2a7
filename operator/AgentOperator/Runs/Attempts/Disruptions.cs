using AgentOperator.Api;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Ends that the cluster brought about and not the agent.</summary>
internal static class Disruptions
{
    /// <summary>The outcome that a DisruptionTarget condition's reason stands for; null for an unknown one.</summary>
    public static string? OfTarget(string? reason) => reason switch
    {
        "PreemptionByScheduler" => Outcomes.Preempted,
        "EvictionByEvictionAPI" => Outcomes.Drained,
        "DeletionByTaintManager" or "DeletionByPodGC" => Outcomes.NodeLost,
        "TerminationByKubelet" => Outcomes.Evicted,
        _ => null,
    };

    /// <summary>The outcome that an ended pod's own reason stands for; null when it is no disruption.</summary>
    public static string? OfPod(V1Pod pod) => pod.Status?.Reason switch
    {
        "Evicted" => Outcomes.Evicted,
        "Preempting" => Outcomes.Preempted,
        "NodeLost" => Outcomes.NodeLost,

        // A node that shuts down in good order: the name changed over the releases.
        "Shutdown" or "NodeShutdown" or "Terminated" => Outcomes.Drained,
        _ => OfTarget(PodFacts.Disruption(pod)?.Reason) ?? (PodFacts.Terminated(pod)?.Reason == "ContainerStatusUnknown" ? Outcomes.NodeLost : null),
    };

    /// <summary>
    /// Whether the kubelet evicted the pod for breaking its own limit of disk. Kubernetes itself does not call that a disruption: it comes again.
    /// </summary>
    public static bool IsOwnLimit(V1Pod pod) =>
        pod.Status is { Reason: "Evicted", Message: { } message } && PodFacts.Disruption(pod) is null
        && (message.Contains("exceeds the total limit of containers", StringComparison.Ordinal)
            || message.Contains("exceeded its local ephemeral storage limit", StringComparison.Ordinal)
            || message.Contains("exceeds the limit", StringComparison.Ordinal));
}
