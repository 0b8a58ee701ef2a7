using System.Globalization;
using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>What a pod's status says, in the terms of attempts.</summary>
internal static class PodFacts
{
    private const string Initializing = "PodInitializing";

    /// <summary>How long after its grace period a deleted pod may still be listed before its node counts as lost.</summary>
    private static readonly TimeSpan DeletionSlack = TimeSpan.FromSeconds(30);

    public static DateTimeOffset? CreatedAt(V1Pod pod) => Times.Of(pod.Metadata.CreationTimestamp);

    public static bool IsDeleting(V1Pod pod) => pod.Metadata.DeletionTimestamp is not null;

    /// <summary>When a pod that is being deleted counts as lost with its node; null for one that is not being deleted.</summary>
    public static DateTimeOffset? OverdueAt(V1Pod pod) => Times.Of(pod.Metadata.DeletionTimestamp) + DeletionSlack;

    public static bool IsOverdue(V1Pod pod, DateTimeOffset now) => OverdueAt(pod) <= now;

    /// <summary>
    /// Whether the agent in the pod may still be working. An agent on a lost node does not count, because its epoch is fenced.
    /// </summary>
    public static bool IsAlive(V1Pod pod, DateTimeOffset now) => !HasEnded(pod) && !IsOverdue(pod, now);

    /// <summary>Whether the attempt has ended: the pod has, or the agent's container in it. A sidecar may keep the pod alive.</summary>
    public static bool HasEnded(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed" || Terminated(pod) is not null;

    /// <summary>Whether the agent has ended and only containers of others keep the pod alive, such as an injected proxy.</summary>
    public static bool IsHeldOpen(V1Pod pod) =>
        pod.Status?.Phase is not ("Succeeded" or "Failed") && Terminated(pod) is not null
        && pod.Status!.ContainerStatuses.Any(status => status.State?.Terminated is null);

    /// <summary>How the agent's container ended; null when it did not, or the kubelet no longer knows.</summary>
    public static V1ContainerStateTerminated? Terminated(V1Pod pod) => PodContainers.AgentState(pod)?.Terminated;

    /// <summary>
    /// What the agent's start waits for: the first init container that waits itself, or else the agent's own container. Null once the agent has
    /// started.
    /// </summary>
    public static V1ContainerStateWaiting? Waiting(V1Pod pod) =>
        PodContainers.AgentState(pod) is { Running: not null } or { Terminated: not null }
            ? null
            : PodContainers.InRole(pod, ContainerRole.Init).Select(status => status.State?.Waiting).FirstOrDefault(waiting => !IsStarting(waiting))
                ?? PodContainers.AgentState(pod)?.Waiting;

    /// <summary>The container of the pod's start that fails, as the kubelet reports it; null if the pod is only starting, or has started.</summary>
    public static V1ContainerStateWaiting? StartProblem(V1Pod pod) => Waiting(pod) is { } waiting && !IsStarting(waiting) ? waiting : null;

    /// <summary>Whether the scheduler has looked for a node in vain.</summary>
    public static bool IsUnscheduled(V1Pod pod) => Condition(pod, "PodScheduled", "False") is not null;

    /// <summary>
    /// Whether the node has not mounted the pod's volumes and set up its network. Kubelets before 1.28 do not say; then, it is not known.
    /// </summary>
    public static bool HasNoSandbox(V1Pod pod) =>
        RunningSince(pod) is null && pod.Spec?.NodeName is not null && Condition(pod, "PodReadyToStartContainers", "False") is not null;

    /// <summary>When the pod got its node. Until the scheduler says so, when it was created.</summary>
    public static DateTimeOffset? PlacedAt(V1Pod pod) => Times.Of(Condition(pod, "PodScheduled", "True")?.LastTransitionTime) ?? CreatedAt(pod);

    /// <summary>When the agent's container started; null while it does not run.</summary>
    public static DateTimeOffset? RunningSince(V1Pod pod) =>
        PodContainers.AgentState(pod)?.Running is { } running ? Times.Of(running.StartedAt) ?? CreatedAt(pod) : null;

    /// <summary>The last heartbeat that the gateway recorded; null before the first.</summary>
    public static DateTimeOffset? Heartbeat(V1Pod pod) =>
        pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(Annotations.Heartbeat, out var text)
        && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    /// <summary>Why the gateway told the agent to stop; null if it did not. An earlier version wrote a time, and meant a suspension.</summary>
    public static string? ToldToStop(V1Pod pod) =>
        pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(Annotations.ToldToStop, out var reason)
            ? reason == Reasons.Deleting ? reason : Reasons.Suspended
            : null;

    /// <summary>The memory limit of the agent's container.</summary>
    public static string? MemoryLimit(V1Pod pod)
    {
        var agent = pod.Spec?.Containers?.FirstOrDefault(container => PodContainers.RoleOf(container.Name, isInit: false) == ContainerRole.Agent);
        return agent?.Resources?.Limits is { } limits && limits.TryGetValue("memory", out var memory) ? memory.ToString() : null;
    }

    /// <summary>The condition by which newer servers announce that a pod is about to be disrupted.</summary>
    public static V1PodCondition? Disruption(V1Pod pod) => Condition(pod, "DisruptionTarget", "True");

    /// <summary>
    /// Whether the control plane lost contact with the pod's node. It marks such pods not ready and leaves the condition's reason unchanged. A
    /// kubelet that marks a pod not ready, because of a sidecar or because the pod has ended, sets a reason.
    /// </summary>
    public static bool IsNodeUnreachable(V1Pod pod) =>
        RunningSince(pod) is not null
        && (pod.Status.Reason == "NodeLost"
            || Condition(pod, "Ready", "False") is
            {
                Reason: not ("ContainersNotReady" or "ReadinessGatesNotReady" or "PodCompleted" or "PodFailed" or "UnknownContainerStatuses"),
            });

    /// <summary>Why the pod does not run yet, as a sentence.</summary>
    public static string PendingMessage(V1Pod pod)
    {
        if (Condition(pod, "PodScheduled", "False") is { } unscheduled)
        {
            return Sentence($"Pod {pod.Metadata.Name} waits for a node", unscheduled.Message);
        }

        return StartProblem(pod) is { } waiting
                ? Sentence($"Pod {pod.Metadata.Name} cannot start yet ({waiting.Reason})", waiting.Message)
            : pod.Spec?.NodeName is null && pod.Spec?.SchedulerName is { } scheduler and not "default-scheduler"
                ? $"Pod {pod.Metadata.Name} waits for the scheduler '{scheduler}' to choose a node."
            : RunningInit(pod) is { } init ? $"Pod {pod.Metadata.Name} is starting. Its init container '{init.Name}' is running."
            : $"Pod {pod.Metadata.Name} is starting.";
    }

    /// <summary>The init container that the agent's start waits for. Sidecars before it run as well, so it is the last one that runs.</summary>
    private static V1ContainerStatus? RunningInit(V1Pod pod) =>
        PodContainers.AgentState(pod)?.Waiting?.Reason == Initializing
            ? PodContainers.InRole(pod, ContainerRole.Init).LastOrDefault(status => status.State?.Running is not null)
            : null;

    private static bool IsStarting(V1ContainerStateWaiting? waiting) => waiting?.Reason is null or "ContainerCreating" or Initializing;

    private static string Sentence(string start, string? detail) => string.IsNullOrWhiteSpace(detail) ? start + "." : $"{start}: {detail}";

    private static V1PodCondition? Condition(V1Pod pod, string type, string status) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == status);
}
