using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>What the connections to a provider depend on. A change replaces them.</summary>
/// <param name="Uid">The ModelEndpoint. One with the same name that is created later shares nothing with it.</param>
/// <param name="CaBundle">Authorities to trust in addition to the system's, in PEM format.</param>
/// <param name="ProxyUrl">The proxy; null for the one that the environment names, if any.</param>
internal sealed record ConnectionSettings(string? Uid, string? CaBundle, string? ProxyUrl)
{
    public static ConnectionSettings Of(ModelEndpoint endpoint) => new(endpoint.Metadata.Uid, endpoint.Spec.CaBundle, endpoint.Spec.ProxyUrl);
}
