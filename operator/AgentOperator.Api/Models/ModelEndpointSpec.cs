using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A provider's URL, API key and rate limits.</summary>
public sealed record ModelEndpointSpec
{
    /// <summary>Base URL of the provider's API, such as https://api.openai.com/v1, without /chat/completions.</summary>
    [MaxLength(2048), RegularExpression(Patterns.HttpUrl)]
    [ValidationRule("!self.endsWith('/chat/completions') && !self.endsWith('/chat/completions/')", "must be the base URL, without /chat/completions")]
    public required string BaseUrl { get; init; }

    /// <summary>The API key, sent as a bearer token. Default: none.</summary>
    public SecretKeyReference? ApiKeySecretRef { get; init; }

    /// <summary>Timeout of one request, in seconds. A request that takes longer is retried once. Default: 120.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; init; } = 120;

    /// <summary>Maximum retries of a request after a 408, 429, server error or lost connection. Default: 4.</summary>
    [Range(0, 20)]
    public int MaxRetries { get; init; } = 4;

    /// <summary>Maximum concurrent requests, per operator replica. Default: no limit.</summary>
    [Range(1, 10000)]
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>Maximum requests per minute, per operator replica. Default: no limit.</summary>
    [Range(1, 1000000)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>Maximum tokens per minute, per operator replica. Default: no limit.</summary>
    [Range(1, 1000000000)]
    public int? TokensPerMinute { get; init; }

    /// <summary>
    /// Whether to ask the provider for its answers as streams, for models that refuse anything else and for proxies that cut long silences. Runs see
    /// no difference. timeoutSeconds is still the time for the whole answer; a provider that is silent for 60 s in the middle of one is given up
    /// earlier. Default: false.
    /// </summary>
    public bool Streaming { get; init; }
}
