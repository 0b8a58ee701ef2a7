using System.Text;
using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>What a Secret says about the ModelEndpoints that may use it.</summary>
/// <param name="Type">The Secret's type.</param>
/// <param name="Hosts">Its annotation <see cref="Annotations.EndpointHost"/>; null if it has none.</param>
internal sealed record SecretMark(string? Type, string? Hosts)
{
    /// <summary>The name of a URL's host in the annotation. A port belongs to it, except 443 for https.</summary>
    public static string NameOf(Uri url) => IsHttpsAt443(url) ? HostOf(url) : $"{HostOf(url)}:{url.Port}";

    /// <summary>Whether a URL's host may get the Secret's values. The annotation decides alone if there is one, else the type.</summary>
    public bool Allows(Uri url) => Hosts is null
        ? Type == ApiConstants.ModelKeySecretType
        : Hosts.Split(',').Any(host => IsName(host.Trim(), url));

    private static bool IsName(string host, Uri url) =>
        Ascii.EqualsIgnoreCase(host, NameOf(url)) || Ascii.EqualsIgnoreCase(host, $"{HostOf(url)}:{url.Port}");

    private static bool IsHttpsAt443(Uri url) => url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort;

    /// <summary>The host as it is connected to: an address in its shortest form, a name of other scripts in Punycode.</summary>
    private static string HostOf(Uri url) => url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
}
