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
[PrinterColumn("Available", "string", ".status.conditions[?(@.type=='Available')].status")]
[PrinterColumn("Reason", "string", ".status.conditions[?(@.type=='Available')].reason")]
[PrinterColumn("Since", "date", ".status.conditions[?(@.type=='Available')].lastTransitionTime")]
[PrinterColumn("Retry", "string", ".status.retryAt")]
[PrinterColumn("URL", "string", ".spec.baseUrl", Wide = true)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type=='Available')].message", Wide = true)]
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

    /// <summary>Whether the provider answers, written by the operator.</summary>
    public ModelEndpointStatus? Status { get; set; }
}
