using AgentOperator.Protocol;

namespace AgentOperator.Api.Validation;

/// <summary>What the URLs of a ModelEndpoint must be besides usable. No message quotes them, since they may hold a password.</summary>
internal static class EndpointUrlRules
{
    private const string Operation = "/chat/completions";

    public static IEnumerable<FieldViolation> CheckBase(string baseUrl)
    {
        if (HttpUrl.TryParse(baseUrl, out var url, out _) && url.AbsolutePath.TrimEnd('/').EndsWith(Operation, StringComparison.Ordinal))
        {
            yield return new FieldViolation("spec.baseUrl", $"must be the base URL, without {Operation}");
        }
    }

    public static IEnumerable<FieldViolation> CheckProxy(string? proxyUrl)
    {
        if (HttpUrl.TryParse(proxyUrl, out var url, out _) && url.PathAndQuery != "/")
        {
            yield return new FieldViolation("spec.proxyUrl", "must be http://HOST:PORT or https://HOST:PORT");
        }
    }
}
