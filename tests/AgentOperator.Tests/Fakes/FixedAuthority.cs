using AgentOperator.Pods;

namespace AgentOperator.Tests.Fakes;

/// <summary>An authority whose certificate a test chose.</summary>
internal sealed record FixedAuthority(string CertificatePem) : IGatewayAuthority;
