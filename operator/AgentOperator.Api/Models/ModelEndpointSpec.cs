using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>Where a provider is, its key, and how fast it may be asked.</summary>
public sealed record ModelEndpointSpec
{
    /// <summary>Base URL of the provider's API, such as https://api.openai.com/v1, without /chat/completions.</summary>
    [MaxLength(2048), RegularExpression(Patterns.HttpUrl)]
    [ValidationRule("!self.endsWith('/chat/completions') && !self.endsWith('/chat/completions/')", "must be the base URL, without /chat/completions")]
    public required string BaseUrl { get; init; }

    /// <summary>The API key, sent as a bearer token. Default: no key is sent.</summary>
    public SecretKeyReference? ApiKeySecretRef { get; init; }

    /// <summary>Seconds that one request may take. Default: 120.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; init; } = 120;

    /// <summary>How often a request is tried again after 408, 429, a server error or a lost connection. Default: 4.</summary>
    [Range(0, 20)]
    public int MaxRetries { get; init; } = 4;

    /// <summary>The most requests under way at once, per operator replica. Default: no limit.</summary>
    [Range(1, 10000)]
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>The most requests a minute, per operator replica. Default: no limit.</summary>
    [Range(1, 1000000)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a minute, per operator replica. Default: no limit.</summary>
    [Range(1, 1000000000)]
    public int? TokensPerMinute { get; init; }
}
