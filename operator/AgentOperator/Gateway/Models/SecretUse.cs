using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Whether a ModelEndpoint may send a Secret's values to its provider. The Secret decides, since whoever writes ModelEndpoints may not be allowed to
/// read Secrets. Pure. ADR 28.
/// </summary>
internal static class SecretUse
{
    /// <summary>Finds out why the Secret may not be used.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="secret">The Secret's name.</param>
    /// <param name="mark">What the Secret says about its use.</param>
    /// <returns>What a person can do; null if the Secret may be used.</returns>
    public static ProviderOutcome.NeedsPerson? FindProblem(ModelEndpoint endpoint, string secret, SecretMark mark)
    {
        if (!HttpUrl.TryParse(endpoint.Spec.BaseUrl, out var url, out var wrong))
        {
            return new(Reasons.InvalidModelEndpoint, $"spec.baseUrl: {wrong}.");
        }

        Uri? proxy = null;
        if (endpoint.Spec.ProxyUrl is { } proxyUrl && !HttpUrl.TryParse(proxyUrl, out proxy, out wrong))
        {
            return new(Reasons.InvalidModelEndpoint, $"spec.proxyUrl: {wrong}.");
        }

        if (url.Scheme != Uri.UriSchemeHttps && !endpoint.Spec.AllowPlainHttp)
        {
            return NotAllowed(
                $"Secret '{secret}' is not sent over plain HTTP. Use an https URL as the ModelEndpoint's baseUrl, or set its spec.allowPlainHttp to "
                + "true.");
        }

        var refused = Readers(endpoint.Spec, url, proxy).Where(reader => !mark.Allows(reader)).Select(SecretMark.NameOf).ToList();
        if (refused.Count == 0)
        {
            return null;
        }

        var (hosts, isNew) = (string.Join(',', refused), mark.Hosts is null);
        return NotAllowed(
            $"Secret '{secret}' may not be sent to {string.Join(" and ", refused)}. To allow that, run \"kubectl --namespace "
            + $"{endpoint.Metadata.NamespaceProperty} annotate {(isNew ? "" : "--overwrite ")}secret {secret} {Annotations.EndpointHost}="
            + $"{(isNew ? "" : "HOSTS,")}{hosts}\"{(isNew ? "" : ", with the hosts that the annotation names now as HOSTS")}.");
    }

    /// <summary>
    /// Who can read what is sent: the provider, and the endpoint's proxy if nothing is encrypted, or if it could show a certificate of the
    /// endpoint's own authorities.
    /// </summary>
    private static IEnumerable<Uri> Readers(ModelEndpointSpec spec, Uri url, Uri? proxy) =>
        proxy is not null && (url.Scheme != Uri.UriSchemeHttps || spec.CaBundle is not null) ? [url, proxy] : [url];

    private static ProviderOutcome.NeedsPerson NotAllowed(string reason) => new(Reasons.KeyNotAllowed, reason);
}
