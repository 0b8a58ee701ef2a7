using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Names one object of a kind. Queues and reconcilers carry keys, never objects, so that work is always done on the latest state.</summary>
/// <param name="Namespace">The namespace; empty for a cluster-scoped object.</param>
/// <param name="Name">The object's name.</param>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>The key of an object that carries metadata.</summary>
    /// <param name="metadata">The object's metadata; its name must be set.</param>
    /// <returns>The key.</returns>
    public static ObjectKey Of(IMetadata<V1ObjectMeta> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new ObjectKey(metadata.Metadata.NamespaceProperty ?? "", metadata.Metadata.Name);
    }

    /// <summary><c>namespace/name</c>, or <c>name</c> alone for a cluster-scoped object.</summary>
    public override string ToString() => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";
}
