using AgentOperator.Api.Schema;
using k8s;
using k8s.Models;

namespace AgentOperator.Api;

/// <summary>
/// A model provider that speaks the OpenAI chat-completions protocol: where it is, the key, and how fast it may be asked.
/// The key stays in the operator; no agent's pod ever sees it.
/// </summary>
[KubernetesEntity(Group = ApiConstants.Group, ApiVersion = ApiConstants.Version, Kind = ApiConstants.ModelEndpointKind,
    PluralName = ApiConstants.ModelEndpointPlural)]
[Resource("mep", Category = ApiConstants.Category)]
[PrinterColumn("URL", "string", ".spec.baseUrl")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed class ModelEndpoint : IKubernetesObject<V1ObjectMeta>, ISpec<ModelEndpointSpec>
{
    /// <inheritdoc/>
    public string ApiVersion { get; set; } = ApiConstants.ApiVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = ApiConstants.ModelEndpointKind;

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>Where the provider is, the key, and how fast it may be asked.</summary>
    public required ModelEndpointSpec Spec { get; set; }
}
