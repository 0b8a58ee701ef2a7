using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
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

    [Test]
    public async Task ServingCertificate_AuthorityNamesNoKey_IsIssuedWithoutOne()
    {
        var connection = new FakeConnection(new FakeKubernetes());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var somebody = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        connection.Server.Cluster.Put("api/v1/secrets", "system", "agentoperator-gateway-ca", new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["ca.crt"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(somebody.ExportCertificatePem())),
                ["ca.key"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem())),
            },
        });
        await using var services = OperatorServices.Operator(connection, TimeProvider.System);
        var authority = services.GetRequiredService<GatewayAuthority>();
        await authority.LoadAsync(default);

        Assert.That(authority.ServingCertificate().Extensions.OfType<X509AuthorityKeyIdentifierExtension>(), Is.Empty);
    }
}
