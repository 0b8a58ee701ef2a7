using System.Net;
using System.Net.Sockets;

namespace AgentOperator.Api.Validation;

/// <summary>
/// Addresses that lead to a node's own services: link-local ones, and the metadata services of clouds, which give a node's credentials to everybody
/// who asks from it. No model server and no MCP server is there. Private and cluster ranges are not among them, since users' own servers are. ADR 31.
/// </summary>
public static class LinkLocalAddresses
{
    /// <summary>What to say of such an address; follows it in a sentence.</summary>
    public const string Refusal = "is a link-local or metadata address, and the operator's Helm value gateway.allowLinkLocalAddresses is false";

    private const int EmbeddedLength = 4;

    private static readonly IPNetwork[] Networks =
    [
        // Link-local (RFC 3927), with the metadata services of most clouds at .169.254, and those for containers at .170.2 and .170.23.
        IPNetwork.Parse("169.254.0.0/16"),

        // Azure's host (WireServer): settings and certificates of the virtual machine.
        IPNetwork.Parse("168.63.129.16/32"),

        // Metadata services of Alibaba Cloud and Oracle Cloud Classic.
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("192.0.0.192/32"),

        // Link-local (RFC 4291).
        IPNetwork.Parse("fe80::/10"),

        // AWS's services on a node, such as the metadata service at fd00:ec2::254, and Google Cloud's metadata service.
        IPNetwork.Parse("fd00:ec2::/32"),
        IPNetwork.Parse("fd20:ce::254/128"),
    ];

    /// <summary>IPv6 networks whose addresses hold an IPv4 address, and at which byte.</summary>
    private static readonly (IPNetwork Network, int Start)[] Embedding =
    [
        (IPNetwork.Parse("::/96"), 12), // IPv4-compatible (RFC 4291).
        (IPNetwork.Parse("::ffff:0:0/96"), 12), // IPv4-mapped (RFC 4291).
        (IPNetwork.Parse("::ffff:0:0:0/96"), 12), // IPv4-translated (RFC 2765).
        (IPNetwork.Parse("64:ff9b::/96"), 12), // NAT64 (RFC 6052).
        (IPNetwork.Parse("2002::/16"), 2), // 6to4 (RFC 3056).
    ];

    /// <summary>Whether an address is one of them, in any of its forms.</summary>
    public static bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return Array.Exists(Networks, network => network.Contains(address));
        }

        // A zone, as in fe80::1%eth0, says nothing about the address.
        var bytes = address.GetAddressBytes();
        var plain = new IPAddress(bytes);
        return Array.Exists(Networks, network => network.Contains(plain)) || Array.Exists(
            Embedding,
            embedding => embedding.Network.Contains(plain) && Contains(new IPAddress(bytes.AsSpan(embedding.Start, EmbeddedLength))));
    }

    /// <summary>Whether a URL's host is one of them, written out. A name that stands for one can only be seen when it is resolved.</summary>
    public static bool IsHostOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return IPAddress.TryParse(url.IdnHost, out var address) && Contains(address);
    }
}
