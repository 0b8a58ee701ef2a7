using System.Reflection;
using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Where a kind lives in the API.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version, such as <c>v1</c>.</param>
/// <param name="Plural">The plural name used in paths, such as <c>pods</c>.</param>
/// <param name="Kind">The kind, such as <c>Pod</c>.</param>
/// <param name="Namespaced">True when objects live in namespaces.</param>
public sealed record ResourceDefinition(string Group, string Version, string Plural, string Kind, bool Namespaced = true)
{
    /// <summary>The <c>apiVersion</c> of the kind's objects.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Reads the definition from a type's <see cref="KubernetesEntityAttribute" />.</summary>
    /// <typeparam name="T">The kind of object.</typeparam>
    /// <param name="namespaced">True when objects live in namespaces; the attribute does not say.</param>
    /// <returns>The definition.</returns>
    /// <exception cref="InvalidOperationException">The type has no such attribute.</exception>
    public static ResourceDefinition Of<T>(bool namespaced = true)
        where T : IKubernetesObject
    {
        var entity = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InvalidOperationException($"{typeof(T)} has no [KubernetesEntity], so its group, version and plural are unknown.");
        return new ResourceDefinition(entity.Group ?? "", entity.ApiVersion, entity.PluralName, entity.Kind, namespaced);
    }

    /// <summary><c>apiVersion/plural</c>.</summary>
    public override string ToString() => $"{ApiVersion}/{Plural}";
}
