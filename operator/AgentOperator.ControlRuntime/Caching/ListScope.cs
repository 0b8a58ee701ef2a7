using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Which objects are listed and watched, and how much of each; as in <see cref="InformerOptions{T}" />.</summary>
internal sealed record ListScope(string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null)
{
    public bool FromServerCache { get; init; }

    public bool MetadataOnly { get; init; }

    public static ListScope Of<T>(InformerOptions<T> options)
        where T : IKubernetesObject<V1ObjectMeta> => new(options.Namespace, options.LabelSelector, options.FieldSelector)
        {
            FromServerCache = options.ListFromServerCache,
            MetadataOnly = options.MetadataOnly,
        };
}
