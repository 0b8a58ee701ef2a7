namespace AgentOperator.Gateway.Models;

/// <summary>Says why no answer came from a provider.</summary>
internal static class ConnectionProblem
{
    /// <summary>Says which of the endpoint's hosts has an address that is refused.</summary>
    /// <param name="refused">The refusal.</param>
    /// <param name="baseUrl">The endpoint's base URL.</param>
    /// <param name="proxyUrl">The endpoint's proxy; null if its spec names none.</param>
    public static string Describe(AddressRefusedException refused, Uri baseUrl, string? proxyUrl)
    {
        var field = refused.Host == baseUrl.IdnHost ? "spec.baseUrl" : proxyUrl is null ? "the operator's proxy" : "spec.proxyUrl";
        return $"{field}: {refused.Message}";
    }

    /// <summary>One or two sentences. Holds no key and no prompt.</summary>
    /// <param name="exception">What ended the call.</param>
    /// <param name="proxyUrl">The endpoint's proxy; null if its spec names none.</param>
    public static string Describe(Exception exception, string? proxyUrl)
    {
        var who = proxyUrl is null ? "model endpoint" : "model endpoint's proxy (spec.proxyUrl)";
        return (exception as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => $"The host name of the {who} cannot be resolved.",
            HttpRequestError.ConnectionError => $"The {who} cannot be reached, or refuses the connection.",
            HttpRequestError.ProxyTunnelError =>
                "The proxy refuses a connection to the model endpoint. Check spec.proxyUrl of the ModelEndpoint, or the operator's HTTPS_PROXY.",
            HttpRequestError.SecureConnectionError => (exception.InnerException as CertificateRefusedException)?.Message
                ?? "The TLS handshake with the model endpoint failed. If it stays so, check that it serves HTTPS there.",
            _ when exception is OperationCanceledException => $"The {who} cannot be reached: no connection was made in time.",
            _ => "The connection to the model endpoint broke off.",
        };
    }
}
