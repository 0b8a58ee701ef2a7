using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>A pod's containers by their role.</summary>
internal static class PodContainers
{
    /// <summary>The name of the container that runs the agent.</summary>
    public const string Agent = "agent";

    /// <summary>The name of the container that runs what the model wrote.</summary>
    public const string Sandbox = "sandbox";

    /// <summary>The role of a container.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isInit">Whether it is one of the pod's init containers.</param>
    public static ContainerRole RoleOf(string name, bool isInit) => (name, isInit) switch
    {
        (Agent, false) => ContainerRole.Agent,
        (Sandbox, _) => ContainerRole.Sandbox,
        (_, true) => ContainerRole.Init,
        _ => ContainerRole.Foreign,
    };

    /// <summary>What the kubelet says of the containers in a role, in the order in which they start.</summary>
    public static IEnumerable<V1ContainerStatus> InRole(V1Pod pod, ContainerRole role) =>
    [
        .. (pod.Status?.InitContainerStatuses ?? []).Where(status => RoleOf(status.Name, isInit: true) == role),
        .. (pod.Status?.ContainerStatuses ?? []).Where(status => RoleOf(status.Name, isInit: false) == role),
    ];

    /// <summary>What the kubelet says of the agent's container; null before it says anything.</summary>
    public static V1ContainerState? AgentState(V1Pod pod) => InRole(pod, ContainerRole.Agent).FirstOrDefault()?.State;

    /// <summary>
    /// The init container whose failure ended the pod; null if none did. Init containers start one after the other, so it is the last one that
    /// ran. Sidecars before it were stopped with the pod.
    /// </summary>
    public static V1ContainerStatus? FailedInit(V1Pod pod)
    {
        var last = InRole(pod, ContainerRole.Init).LastOrDefault(status => status.State?.Terminated is not null);
        return last?.State.Terminated.ExitCode is not 0 ? last : null;
    }
}
