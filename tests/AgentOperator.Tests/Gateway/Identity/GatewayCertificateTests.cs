using System.Security.Cryptography.X509Certificates;
using AgentOperator.Gateway.Identity;
using AgentOperator.Pods;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Tests.Gateway.Identity;

internal sealed class GatewayCertificateTests
{
    /// <summary>Clients that follow RFC 5280 to the letter refuse a certificate without it; Python does from 3.13 on.</summary>
    [Test]
    public async Task ServingCertificate_NamesTheKeyOfItsAuthority()
    {
        await using var services = OperatorServices.Operator(new FakeConnection(new FakeKubernetes()), TimeProvider.System);
        var authority = services.GetRequiredService<GatewayAuthority>();
        await authority.LoadAsync(default);
        using var ca = X509Certificate2.CreateFromPem(((IGatewayAuthority)authority).CertificatePem);

        var named = authority.ServingCertificate().Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single();

        Assert.That(named.KeyIdentifier, Is.Not.Null);
        Assert.That(
            named.KeyIdentifier!.Value.ToArray(),
            Is.EqualTo(ca.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray()));
    }

    [Test]
    public async Task ServingCertificate_IsTrustedThroughItsAuthorityAlone()
    {
        await using var services = OperatorServices.Operator(new FakeConnection(new FakeKubernetes()), TimeProvider.System);
        var authority = services.GetRequiredService<GatewayAuthority>();
        await authority.LoadAsync(default);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(((IGatewayAuthority)authority).CertificatePem);

        Assert.That(chain.Build(authority.ServingCertificate()), Is.True);
    }
}
