using System.ComponentModel.DataAnnotations;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway;

/// <summary>Where the gateway listens and what it is called.</summary>
internal sealed class GatewayOptions : IValidatableObject
{
    /// <summary>The gateway's URL as runner pods reach it; its host is what the gateway's certificate is for.</summary>
    [Required]
    public string GatewayUrl { get; set; } = "";

    /// <summary>TCP port of the gateway (HTTPS). Default 8443.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 8443;

    /// <summary>The Secret that holds the gateway's certificate authority; made at the first start.</summary>
    [Required]
    public string GatewayTlsSecret { get; set; } = "agentoperator-gateway-ca";

    /// <summary>The operator's own namespace: where that Secret and the gateway's Service are.</summary>
    [Required]
    public string Namespace { get; set; } = "";

    /// <summary>The operator's own pod name, by which a replica knows itself among the Service's endpoints.</summary>
    [Required]
    public string PodName { get; set; } = "";

    /// <summary>
    /// Whether models and MCP servers may be at link-local and metadata addresses. Everybody who may write a ModelEndpoint or an AgentRun could then
    /// ask a node's metadata service for credentials. Default false.
    /// </summary>
    public bool AllowLinkLocalAddresses { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        HttpUrl.TryParse(GatewayUrl, out _, out var problem) ? [] : [new ValidationResult($"{nameof(GatewayUrl)}: {problem}")];
}
