using AgentOperator.Api;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Recognizes ends that the cluster caused, not the agent.</summary>
internal static class Disruptions
{
    /// <summary>The reason of an attempt whose node stopped answering.</summary>
    public const string NodeNotReady = "NodeNotReady";

    private const string TaintManager = "DeletionByTaintManager";

    /// <summary>
    /// The reason in the pod's DisruptionTarget condition; null if it has none. The taint manager uses the same reason for an unreachable node
    /// and for a taint on a healthy node. The pod's readiness tells them apart: the control plane marks pods on an unreachable node not ready
    /// before it deletes them. A reason seen earlier is kept, because a kubelet that comes back reports the pod ready again. API servers before
    /// 1.26 do not have the condition; there, a pod evicted by a taint looks deleted.
    /// </summary>
    /// <param name="pod">The pod.</param>
    /// <param name="seen">The reason seen earlier; null if there was none.</param>
    public static string? Announced(V1Pod pod, string? seen) => PodFacts.Disruption(pod)?.Reason switch
    {
        TaintManager when seen == NodeNotReady || PodFacts.IsNodeUnreachable(pod) => NodeNotReady,
        var reason => reason,
    };

    /// <summary>The outcome for a DisruptionTarget reason; null for an unknown reason.</summary>
    public static string? OfTarget(string? reason) => reason switch
    {
        "PreemptionByScheduler" => Outcomes.Preempted,
        "EvictionByEvictionAPI" or TaintManager => Outcomes.Drained,
        "DeletionByPodGC" or NodeNotReady => Outcomes.NodeLost,
        "TerminationByKubelet" => Outcomes.Evicted,
        _ => null,
    };

    /// <summary>The outcome for an ended pod's own reason; null if it is not a disruption.</summary>
    public static string? OfPod(V1Pod pod, AttemptStatus record) => pod.Status?.Reason switch
    {
        "Evicted" => Outcomes.Evicted,
        "Preempting" => Outcomes.Preempted,
        "NodeLost" => Outcomes.NodeLost,

        // Graceful node shutdown. The reason's name changed between releases.
        "Shutdown" or "NodeShutdown" or "Terminated" => Outcomes.Drained,
        { } reason when IsRefusal(reason) => Outcomes.RejectedByNode,
        { Length: > 0 } => OfTarget(Announced(pod, record.Reason)),
        _ => OfTarget(Announced(pod, record.Reason)) ?? (IsLostContainer(PodFacts.Terminated(pod)) ? Outcomes.NodeLost : null),
    };

    /// <summary>
    /// Whether the kubelet rejected the pod for a temporary lack of resources: the scheduler used stale data, or the kubelet restarted and its
    /// devices are not registered yet. Another attempt will find another node, or the same one later. Permanent rejections (AppArmor,
    /// SysctlForbidden, PodOSNotSupported and the like) are not disruptions: someone has to act.
    /// </summary>
    private static bool IsRefusal(string reason) =>
        reason.StartsWith("OutOf", StringComparison.Ordinal)
        || reason is "UnexpectedAdmissionError" or "UnexpectedPredicateFailureType" or "UnknownReason" or "InvalidNodeInfo"
            or "NodeAffinity" or "NodeName" or "NodePorts" or "NodeUnschedulable" or "TaintToleration" or "TopologyAffinityError"
            or "VolumeAttachmentLimitExceeded";

    /// <summary>
    /// Whether the node does not know of the container, so that its exit code says nothing: the kubelet no longer finds it, or never started it
    /// because it rejected the pod; or the container runtime came back, as after a crash or reboot of the node, and the container's process was gone.
    /// </summary>
    public static bool IsLostContainer(V1ContainerStateTerminated? terminated) => terminated?.Reason is "ContainerStatusUnknown" or "Unknown";

    /// <summary>
    /// Whether the kubelet evicted the pod for exceeding its own disk limit. As in Kubernetes, that is not a disruption: it will happen again.
    /// </summary>
    public static bool IsOwnLimit(V1Pod pod) =>
        pod.Status is { Reason: "Evicted", Message: { } message } && PodFacts.Disruption(pod) is null
        && (message.Contains("exceeds the total limit of containers", StringComparison.Ordinal)
            || message.Contains("exceeded its local ephemeral storage limit", StringComparison.Ordinal)
            || message.Contains("exceeds the limit", StringComparison.Ordinal));
}
