using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Reads the controlling owner reference: the one owner that manages an object.</summary>
public static class OwnerReferences
{
    /// <summary>The reference with <c>controller: true</c>.</summary>
    /// <param name="child">The owned object.</param>
    /// <returns>The reference; null when nothing controls the object.</returns>
    public static V1OwnerReference? ControllerOf(IMetadata<V1ObjectMeta> child)
    {
        ArgumentNullException.ThrowIfNull(child);
        return child.Metadata.OwnerReferences?.FirstOrDefault(reference => reference.Controller == true);
    }

    /// <summary>
    /// Whether an object is controlled by the owner with this UID. A name is not enough: an owner of the same name may be another one.
    /// </summary>
    /// <param name="child">The owned object.</param>
    /// <param name="ownerUid">The owner's UID.</param>
    /// <returns>True when it is.</returns>
    public static bool IsControlledBy(IMetadata<V1ObjectMeta> child, string ownerUid) => ControllerOf(child)?.Uid == ownerUid;

    internal static IEnumerable<ObjectKey> OwnerKeys(IMetadata<V1ObjectMeta> child, ResourceDefinition ownerKind)
    {
        // The version may differ: the same owner is served under several.
        if (ControllerOf(child) is { } owner && owner.Kind == ownerKind.Kind && GroupOf(owner.ApiVersion) == ownerKind.Group)
        {
            yield return new ObjectKey(ownerKind.Namespaced ? child.Metadata.NamespaceProperty ?? "" : "", owner.Name);
        }
    }

    private static string GroupOf(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";
}
