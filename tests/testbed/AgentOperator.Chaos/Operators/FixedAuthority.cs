using AgentOperator.Pods;

namespace AgentOperator.Chaos.Operators;

internal sealed class FixedAuthority : IGatewayAuthority
{
    public string CertificatePem => "-----BEGIN CERTIFICATE-----";
}
