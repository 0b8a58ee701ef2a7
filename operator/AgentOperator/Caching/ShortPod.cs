using k8s.Models;

namespace AgentOperator.Caching;

/// <summary>What the cache keeps of a pod: where it runs, what it may use and what became of it, but not how its containers are made.</summary>
internal static class ShortPod
{
    /// <summary>The pod as the cache keeps it.</summary>
    public static V1Pod Of(V1Pod pod) => pod.Spec is not { } spec ? pod : pod with
    {
        Spec = new V1PodSpec
        {
            NodeName = spec.NodeName,
            TerminationGracePeriodSeconds = spec.TerminationGracePeriodSeconds,
            Containers =
            [
                .. spec.Containers.Select(container => new V1Container
                {
                    Name = container.Name, Resources = new V1ResourceRequirements { Limits = container.Resources?.Limits },
                }),
            ],
        },
    };
}
