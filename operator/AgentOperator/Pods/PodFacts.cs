using System.Globalization;
using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>What a pod's status says, in the terms of attempts.</summary>
internal static class PodFacts
{
    /// <summary>The name of the container that runs the agent.</summary>
    public const string AgentContainer = "agent";

    /// <summary>How long after its grace period a deleted pod may still be listed before its node counts as lost.</summary>
    private static readonly TimeSpan DeletionSlack = TimeSpan.FromSeconds(30);

    public static DateTimeOffset? CreatedAt(V1Pod pod) => Times.Of(pod.Metadata.CreationTimestamp);

    public static bool IsDeleting(V1Pod pod) => pod.Metadata.DeletionTimestamp is not null;

    /// <summary>When a pod that is being deleted counts as lost with its node; null for one that is not being deleted.</summary>
    public static DateTimeOffset? OverdueAt(V1Pod pod) => Times.Of(pod.Metadata.DeletionTimestamp) + DeletionSlack;

    public static bool IsOverdue(V1Pod pod, DateTimeOffset now) => OverdueAt(pod) <= now;

    /// <summary>Whether the agent in the pod may still be doing something. One on a lost node does nothing that counts: its epoch is fenced.</summary>
    public static bool IsAlive(V1Pod pod, DateTimeOffset now) => !HasEnded(pod) && !IsOverdue(pod, now);

    public static bool HasEnded(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed" || Terminated(pod) is not null;

    public static V1ContainerStateTerminated? Terminated(V1Pod pod) => Agent(pod)?.State?.Terminated;

    public static V1ContainerStateWaiting? Waiting(V1Pod pod) => Agent(pod)?.State?.Waiting;

    /// <summary>When the agent's container started; null while it does not run.</summary>
    public static DateTimeOffset? RunningSince(V1Pod pod) =>
        Agent(pod)?.State?.Running is { } running ? Times.Of(running.StartedAt) ?? CreatedAt(pod) : null;

    /// <summary>The last heartbeat that the gateway recorded; null before the first.</summary>
    public static DateTimeOffset? Heartbeat(V1Pod pod) =>
        pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(Annotations.Heartbeat, out var text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    /// <summary>The memory limit of the agent's container.</summary>
    public static string? MemoryLimit(V1Pod pod) =>
        pod.Spec?.Containers?.FirstOrDefault(container => container.Name == AgentContainer)?.Resources?.Limits is { } limits
        && limits.TryGetValue("memory", out var memory)
            ? memory.ToString()
            : null;

    /// <summary>The condition by which newer servers announce that a pod is about to be disrupted.</summary>
    public static V1PodCondition? Disruption(V1Pod pod) => Condition(pod, "DisruptionTarget", "True");

    /// <summary>
    /// Whether the control plane lost sight of the pod's node: it marks such pods not ready. The agent has no readiness probe, so nothing else does that
    /// to a running one.
    /// </summary>
    public static bool IsNodeUnreachable(V1Pod pod) => RunningSince(pod) is not null && Condition(pod, "Ready", "False") is not null;

    /// <summary>Why the pod does not run yet, as a sentence.</summary>
    public static string PendingMessage(V1Pod pod)
    {
        if (Condition(pod, "PodScheduled", "False") is { } unscheduled)
        {
            return Sentence($"Pod {pod.Metadata.Name} waits for a node", unscheduled.Message);
        }

        return Waiting(pod) is { Reason: not null and not "ContainerCreating" and not "PodInitializing" } waiting
            ? Sentence($"Pod {pod.Metadata.Name} cannot start yet ({waiting.Reason})", waiting.Message)
            : $"Pod {pod.Metadata.Name} is starting.";
    }

    private static string Sentence(string start, string? detail) => string.IsNullOrWhiteSpace(detail) ? start + "." : $"{start}: {detail}";

    private static V1PodCondition? Condition(V1Pod pod, string type, string status) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == status);

    private static V1ContainerStatus? Agent(V1Pod pod) => pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == AgentContainer);
}
