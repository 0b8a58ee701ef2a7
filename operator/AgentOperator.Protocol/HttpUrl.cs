using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentOperator.Protocol;

/// <summary>
/// The one rule for the http and https URLs that specs and servers name: what passes can be requested, and everything else is refused with a
/// sentence that names the part at fault. <see cref="Uri"/> alone takes URLs that throw later, and reads <c>\</c> as <c>/</c>.
/// </summary>
public static class HttpUrl
{
    private const string NotHttp = "must be an http or https URL";
    private const string NoHost = "has no host";
    private const int MaxPort = 65535;
    private const int MaxHostLength = 253;

    /// <summary>Reads a URL.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="url">An address with a host name or an IP address, a port from 1 to 65535, and no credentials or fragment.</param>
    /// <param name="problem">
    /// What is wrong, with the URL as its subject, such as <c>port 99999 is not in 1..65535</c>. Quotes nothing that could be a password.
    /// </param>
    /// <returns>Whether it can be requested.</returns>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? problem)
    {
        url = null;
        problem = ProblemOf(text ?? "");
        if (problem is null && !TryCreate(text!, out url))
        {
            problem = "its host is neither a name nor an IP address";
        }

        return problem is null;
    }

    /// <summary>Reads what a server names as another address, such as a redirect's: a URL, or a path on the server itself.</summary>
    /// <param name="server">The server's own address.</param>
    /// <param name="text">What it names.</param>
    /// <returns>The address; null if it cannot be requested.</returns>
    public static Uri? Resolve(Uri server, string text)
    {
        try
        {
            return text.Length > 0 && Uri.TryCreate(server, text, out var named)
                && TryParse(named.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped), out var url, out _)
                    ? url
                    : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>Scheme, host and port, in ASCII.</summary>
    public static string OriginOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var host = url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
        return url.IsDefaultPort ? $"{url.Scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}://{host}:{url.Port}");
    }

    private static string? ProblemOf(string text)
    {
        var start = text.StartsWith("http://", StringComparison.Ordinal) ? 7 : text.StartsWith("https://", StringComparison.Ordinal) ? 8 : 0;
        if (start == 0)
        {
            return NotHttp;
        }

        var rest = text.AsSpan(start);
        var authority = rest.IndexOfAny('/', '?', '#') is >= 0 and var end ? rest[..end] : rest;
        return authority.Contains('@') ? "must not hold credentials: everyone who can read the object could read them"
            : ProblemOfCharacters(text) ?? ProblemOfAuthority(authority, isQuotable: !rest.Contains('@'));
    }

    private static string? ProblemOfCharacters(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var problem = Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control => $"has a control character ({CodeOf(rune)})",
                UnicodeCategory.Format => $"has an invisible character ({CodeOf(rune)})",
                _ when Rune.IsWhiteSpace(rune) => "has a space",
                _ when rune == Rune.ReplacementChar => "has a character that is no Unicode",
                _ => rune.Value switch
                {
                    '\\' => @"has a backslash (\)",
                    '#' => "has a fragment (#)",
                    _ => null,
                },
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? ProblemOfAuthority(ReadOnlySpan<char> authority, bool isQuotable)
    {
        if (authority is ['[', ..])
        {
            return authority.IndexOf(']') is > 0 and var close
                ? ProblemOfAddress(authority[1..close]) ?? ProblemOfPort(authority[(close + 1)..], isQuotable)
                : "the '[' of its host is not closed";
        }

        if (authority.Count(':') > 1)
        {
            return "has several colons in its host: an IPv6 address must be in brackets";
        }

        var host = authority.IndexOf(':') is >= 0 and var colon ? authority[..colon] : authority;
        return ProblemOfName(host) ?? ProblemOfPort(authority[host.Length..], isQuotable);
    }

    private static string? ProblemOfAddress(ReadOnlySpan<char> address) =>
        !address.Contains('%') && IPAddress.TryParse(address, out var read) && read.AddressFamily == AddressFamily.InterNetworkV6
            ? null
            : "has brackets around something else than an IPv6 address";

    private static string? ProblemOfName(ReadOnlySpan<char> host)
    {
        if (host.IsEmpty)
        {
            return NoHost;
        }

        foreach (var rune in host.EnumerateRunes())
        {
            var isOfAName = Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '.' or '_'
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (!isOfAName)
            {
                return $"has {(rune.IsAscii ? $"'{rune}'" : CodeOf(rune))} in its host";
            }
        }

        return null;
    }

    private static string? ProblemOfPort(ReadOnlySpan<char> port, bool isQuotable)
    {
        if (port.IsEmpty)
        {
            return null;
        }

        if (port[0] != ':')
        {
            return "has something between its host and its port";
        }

        var digits = port[1..];
        return digits.IsEmpty ? "has no port after ':'"
            : digits.IndexOfAnyExceptInRange('0', '9') >= 0 ? "its port is not a number"
            : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxPort ? null
            : isQuotable && digits.Length <= 10 ? $"port {digits} is not in 1..{MaxPort}"
            : $"its port is not in 1..{MaxPort}";
    }

    private static bool TryCreate(string text, [NotNullWhen(true)] out Uri? url)
    {
        try
        {
            // The escaped forms are made when they are asked for, and that may throw.
            return Uri.TryCreate(text, UriKind.Absolute, out url)
                && url.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
                && url.AbsoluteUri.Length > 0
                && url.IdnHost is { Length: > 0 and <= MaxHostLength } host && Ascii.IsValid(host);
        }
        catch (UriFormatException)
        {
            url = null;
            return false;
        }
    }

    private static string CodeOf(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
}
