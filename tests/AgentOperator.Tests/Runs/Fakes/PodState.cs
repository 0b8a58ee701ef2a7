using System.Globalization;
using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Pods in the states that a kubelet or the control plane puts them in.</summary>
internal static class PodState
{
    public const string Node = "node-1";

    public static V1Pod Running(V1Pod pod, DateTimeOffset since) =>
        WithAgent(pod, "Running", new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = since.UtcDateTime } });

    public static V1Pod Waiting(V1Pod pod, string reason, string? message = null) =>
        WithAgent(pod, "Pending", new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } });

    public static V1Pod Exited(V1Pod pod, int code, DateTimeOffset at, string? reason = null, string? message = null) => WithAgent(
        pod,
        code == 0 ? "Succeeded" : "Failed",
        new V1ContainerState
        {
            Terminated = new V1ContainerStateTerminated
            {
                ExitCode = code, Reason = reason ?? (code == 0 ? "Completed" : "Error"), FinishedAt = at.UtcDateTime, Message = message,
            },
        });

    public static V1Pod OomKilled(V1Pod pod, DateTimeOffset at) => Exited(pod, 137, at, "OOMKilled");

    public static V1Pod Evicted(V1Pod pod, DateTimeOffset at, string message = "The node was low on resource: memory.")
    {
        var exited = Exited(pod, 137, at);
        return exited with { Status = exited.Status with { Reason = "Evicted", Message = message } };
    }

    public static V1Pod FailedWithoutContainer(V1Pod pod, string? reason, string? message = null) =>
        pod with { Status = new V1PodStatus { Phase = "Failed", Reason = reason, Message = message } };

    public static V1Pod WithCondition(V1Pod pod, string type, string status, string reason) => pod with
    {
        Status = (pod.Status ?? new V1PodStatus()) with
        {
            Conditions = [.. pod.Status?.Conditions ?? [], new V1PodCondition { Type = type, Status = status, Reason = reason }],
        },
    };

    /// <summary>The scheduler has looked for a node in vain.</summary>
    public static V1Pod Unschedulable(V1Pod pod, string message) => pod with
    {
        Status = (pod.Status ?? new V1PodStatus()) with
        {
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = message }],
        },
    };

    /// <summary>The scheduler has found a node.</summary>
    public static V1Pod Scheduled(V1Pod pod, DateTimeOffset at) => pod with
    {
        Spec = pod.Spec with { NodeName = Node },
        Status = (pod.Status ?? new V1PodStatus()) with
        {
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "True", LastTransitionTime = at.UtcDateTime }],
        },
    };

    public static V1Pod Deleting(V1Pod pod, DateTimeOffset goneBy) =>
        pod with { Metadata = pod.Metadata with { DeletionTimestamp = goneBy.UtcDateTime } };

    public static V1Pod Heartbeat(V1Pod pod, DateTimeOffset at) =>
        WithAnnotation(pod, Annotations.Heartbeat, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));

    public static V1Pod ToldToStop(V1Pod pod, string reason = Reasons.Suspended) => WithAnnotation(pod, Annotations.ToldToStop, reason);

    private static V1Pod WithAnnotation(V1Pod pod, string name, string value) => pod with
    {
        Metadata = pod.Metadata with
        {
            Annotations = new Dictionary<string, string>(pod.Metadata.Annotations ?? new Dictionary<string, string>()) { [name] = value },
        },
    };

    private static V1Pod WithAgent(V1Pod pod, string phase, V1ContainerState state) => pod with
    {
        Spec = pod.Spec with { NodeName = Node },
        Status = (pod.Status ?? new V1PodStatus()) with
        {
            Phase = phase,
            ContainerStatuses = [new V1ContainerStatus { Name = "agent", State = state, Image = "image", ImageID = "id" }],
        },
    };
}
