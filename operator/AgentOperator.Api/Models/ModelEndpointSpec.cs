using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A provider's URL, API key and rate limits, how to reach it, and what to add to requests.</summary>
[ValidationRule("!has(self.apiKeySecretRef) || !has(self.headers) || !self.headers.exists(header, header.name.matches('(?i)^authorization$'))",
    "the header Authorization cannot be given together with apiKeySecretRef", FieldPath = ".headers")]
public sealed record ModelEndpointSpec
{
    /// <summary>
    /// Base URL of the provider's API, such as https://api.openai.com/v1, without /chat/completions. It may have query parameters, such as
    /// ?api-version=2024-10-21.
    /// </summary>
    [MaxLength(2048), HttpUrl]
    [ValidationRule("!self.matches('^[^?]*/chat/completions/*([?].*)?$')", "must be the base URL, without /chat/completions")]
    public required string BaseUrl { get; init; }

    /// <summary>The API key, sent as a bearer token. Default: none.</summary>
    public SecretKeyReference? ApiKeySecretRef { get; init; }

    /// <summary>Headers to send with each request, such as Azure's api-key. Default: none.</summary>
    [MaxLength(16), ListMap("name")]
    public IReadOnlyList<HeaderSpec> Headers { get; init; } = [];

    /// <summary>
    /// Whether Secrets may be sent although baseUrl is not https. Everyone on the way can read them then. Default: false.
    /// </summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>
    /// Certificates of authorities (PEM) that are trusted for this endpoint in addition to the system's roots. Default: none.
    /// </summary>
    [MaxLength(65536)]
    [ValidationRule("self.contains('-----BEGIN CERTIFICATE-----')", "must hold a certificate in PEM format")]
    public string? CaBundle { get; init; }

    /// <summary>
    /// The HTTP proxy for this endpoint, such as http://proxy.example:3128, without credentials. It takes precedence over the operator's HTTPS_PROXY,
    /// HTTP_PROXY and NO_PROXY. Default: what those say.
    /// </summary>
    [MaxLength(2048), HttpUrl]
    [ValidationRule("!self.contains('@')", "must not hold credentials: everyone who can read the ModelEndpoint could read them")]
    [ValidationRule("self.matches('^https?://[^/?# ]+/?$')", "must be http://HOST:PORT or https://HOST:PORT")]
    public string? ProxyUrl { get; init; }

    /// <summary>
    /// Fields to set in the body of each request, such as temperature. A run's spec.model.parameters take precedence. Fields that the gateway owns,
    /// such as messages and tools, cannot be set. Default: none.
    /// </summary>
    [MaxLength(64)]
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>
    /// The name under which the provider takes the run's maxOutputTokens. If the provider asks for another name, the gateway
    /// learns it. Default: the name that the runner uses, max_completion_tokens.
    /// </summary>
    [AllowedValues("max_tokens", "max_completion_tokens", "max_output_tokens")]
    public string? OutputLimitParameter { get; init; }

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

    /// <summary>
    /// ModelEndpoints to call, in this order, while this one is unavailable, refuses its key or does not know the model. Each keeps its own limits. A
    /// run waits only while all of them are unavailable. Default: none.
    /// </summary>
    [MaxLength(3), ListMap("name")]
    public IReadOnlyList<FallbackSpec> Fallbacks { get; init; } = [];
}
