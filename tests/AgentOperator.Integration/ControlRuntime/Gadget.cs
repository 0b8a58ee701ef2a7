using System.Text.Json.Serialization;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Models;

namespace AgentOperator.Integration.ControlRuntime;

/// <summary>A custom resource for these tests; <c>gadgets.yaml</c> defines it and lets any size in.</summary>
[KubernetesEntity(Group = "test.agentoperator.dev", ApiVersion = "v1", Kind = "Gadget", PluralName = "gadgets")]
internal sealed class Gadget : IKubernetesObject<V1ObjectMeta>
{
    public static ResourceDefinition Definition { get; } = ResourceDefinition.Of<Gadget>();

    public string ApiVersion { get; set; } = Definition.ApiVersion;

    public string Kind { get; set; } = Definition.Kind;

    public V1ObjectMeta Metadata { get; set; } = null!;

    public required GadgetSpec Spec { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GadgetStatus? Status { get; init; }
}
