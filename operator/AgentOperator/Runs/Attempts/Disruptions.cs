using AgentOperator.Api;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Ends that the cluster brought about and not the agent.</summary>
internal static class Disruptions
{
    /// <summary>The reason of an attempt whose node stopped answering.</summary>
    public const string NodeNotReady = "NodeNotReady";

    private const string TaintManager = "DeletionByTaintManager";

    /// <summary>
    /// The reason of the disruption that a pod's condition announces; null when none does. The taint manager gives the same reason for a node that
    /// stopped answering and for a taint that an administrator set on a healthy one, so the pod tells which: the control plane marks pods of the
    /// first kind not ready before it deletes them. What was seen then is kept, since a kubelet that comes back says otherwise. Servers before 1.26
    /// have no such condition: there a pod that a taint drives away is only deleted.
    /// </summary>
    /// <param name="pod">The pod.</param>
    /// <param name="seen">The reason that was seen before; null when there was none.</param>
    public static string? Announced(V1Pod pod, string? seen) => PodFacts.Disruption(pod)?.Reason switch
    {
        TaintManager when seen == NodeNotReady || PodFacts.IsNodeUnreachable(pod) => NodeNotReady,
        var reason => reason,
    };

    /// <summary>The outcome that the reason of an announced disruption stands for; null for an unknown one.</summary>
    public static string? OfTarget(string? reason) => reason switch
    {
        "PreemptionByScheduler" => Outcomes.Preempted,
        "EvictionByEvictionAPI" or TaintManager => Outcomes.Drained,
        "DeletionByPodGC" or NodeNotReady => Outcomes.NodeLost,
        "TerminationByKubelet" => Outcomes.Evicted,
        _ => null,
    };

    /// <summary>The outcome that an ended pod's own reason stands for; null when it is no disruption.</summary>
    public static string? OfPod(V1Pod pod, AttemptStatus record) => pod.Status?.Reason switch
    {
        "Evicted" => Outcomes.Evicted,
        "Preempting" => Outcomes.Preempted,
        "NodeLost" => Outcomes.NodeLost,

        // A node that shuts down in good order: the name changed over the releases.
        "Shutdown" or "NodeShutdown" or "Terminated" => Outcomes.Drained,
        { } reason when IsRefusal(reason) => Outcomes.RejectedByNode,
        _ => OfTarget(Announced(pod, record.Reason)) ?? (PodFacts.Terminated(pod)?.Reason == "ContainerStatusUnknown" ? Outcomes.NodeLost : null),
    };

    /// <summary>
    /// Whether a kubelet refuses a pod for what the node lacks at the moment: the scheduler chose from an older picture of it, or the kubelet was
    /// restarted and its devices are not back yet. Another attempt finds another node, or the same one later. What the node will never do (AppArmor,
    /// SysctlForbidden, PodOSNotSupported and the like) is no disruption: it needs a person.
    /// </summary>
    private static bool IsRefusal(string reason) =>
        reason.StartsWith("OutOf", StringComparison.Ordinal)
        || reason is "UnexpectedAdmissionError" or "UnexpectedPredicateFailureType" or "UnknownReason" or "InvalidNodeInfo"
            or "NodeAffinity" or "NodeName" or "NodePorts" or "TaintToleration" or "TopologyAffinityError";

    /// <summary>
    /// Whether the kubelet evicted the pod for breaking its own limit of disk. Kubernetes itself does not call that a disruption: it comes again.
    /// </summary>
    public static bool IsOwnLimit(V1Pod pod) =>
        pod.Status is { Reason: "Evicted", Message: { } message } && PodFacts.Disruption(pod) is null
        && (message.Contains("exceeds the total limit of containers", StringComparison.Ordinal)
            || message.Contains("exceeded its local ephemeral storage limit", StringComparison.Ordinal)
            || message.Contains("exceeds the limit", StringComparison.Ordinal));
}
