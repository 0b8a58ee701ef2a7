using System.Text.RegularExpressions;

namespace AgentOperator.Api.Validation;

/// <summary>The URLs of a ModelEndpoint.</summary>
internal static partial class EndpointUrlRules
{
    private const string Operation = "/chat/completions";

    /// <summary>A URL that is not even http or https is already rejected by the pattern.</summary>
    public static IEnumerable<FieldViolation> CheckBase(string url)
    {
        if (url.Split('?')[0].TrimEnd('/').EndsWith(Operation, StringComparison.Ordinal))
        {
            yield return new FieldViolation("spec.baseUrl", $"must be the base URL, without {Operation}");
        }
        else if (url.StartsWith("http", StringComparison.Ordinal) && !Uri.TryCreate(url, UriKind.Absolute, out _))
        {
            yield return new FieldViolation("spec.baseUrl", "is not a URL");
        }
    }

    /// <summary>No message quotes the URL, since it may hold a password.</summary>
    public static IEnumerable<FieldViolation> CheckProxy(string? url)
    {
        if (url?.Contains('@', StringComparison.Ordinal) == true)
        {
            yield return new FieldViolation(
                "spec.proxyUrl", "must not hold credentials: everyone who can read the ModelEndpoint could read them");
        }
        else if (url is not null && (!Proxy().IsMatch(url) || !Uri.TryCreate(url, UriKind.Absolute, out _)))
        {
            yield return new FieldViolation("spec.proxyUrl", "must be http://HOST:PORT or https://HOST:PORT");
        }
    }

    [GeneratedRegex(@"\Ahttps?://[^/?#\s]+/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Proxy();
}
