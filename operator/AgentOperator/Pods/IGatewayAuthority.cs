namespace AgentOperator.Pods;

/// <summary>The certificate authority that runner pods trust.</summary>
internal interface IGatewayAuthority
{
    /// <summary>Its certificate, PEM. Public: it goes into the pods.</summary>
    string CertificatePem { get; }
}
