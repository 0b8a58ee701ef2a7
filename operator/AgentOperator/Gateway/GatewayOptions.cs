using System.ComponentModel.DataAnnotations;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway;

/// <summary>Where the gateway listens, what it is called, and what it holds at most.</summary>
internal sealed class GatewayOptions : IValidatableObject
{
    private const int LeastMaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>The gateway's URL as runner pods reach it; its host is what the gateway's certificate is for.</summary>
    [Required]
    public string GatewayUrl { get; set; } = "";

    /// <summary>TCP port of the gateway (HTTPS). Default 8443.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 8443;

    /// <summary>The most bytes of request bodies that a replica holds at once. Default 134217728 (128 MiB); at least 33554432.</summary>
    [Range(LeastMaxBodyBytes, int.MaxValue)]
    public int MaxBodyBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>The same for one run. Default 33554432 (32 MiB), two requests of the largest size, which is also the least.</summary>
    [Range(LeastMaxBodyBytes, int.MaxValue)]
    public int MaxRunBodyBytes { get; set; } = LeastMaxBodyBytes;

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
