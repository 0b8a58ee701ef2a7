using AgentOperator.Api.Schema;
using k8s;
using k8s.Models;

namespace AgentOperator.Api;

/// <summary>
/// A model provider with an OpenAI-compatible chat completions API: its URL, API key and rate limits.
/// The key stays in the operator; agent pods never see it.
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

    /// <summary>The provider's URL, API key and rate limits.</summary>
    public required ModelEndpointSpec Spec { get; set; }
}
