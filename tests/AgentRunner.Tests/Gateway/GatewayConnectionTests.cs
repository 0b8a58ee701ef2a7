using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentRunner.Gateway;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Gateway;

/// <summary>Only the gateway's own authority is trusted, and only for the gateway's name.</summary>
internal sealed class GatewayConnectionTests
{
    private X509Certificate2 _authority = null!;
    private X509Certificate2 _other = null!;

    [OneTimeSetUp]
    public void CreateAuthorities()
    {
        _authority = HttpsServer.CreateAuthority("the gateway's");
        _other = HttpsServer.CreateAuthority("another");
    }

    [OneTimeTearDown]
    public void DisposeAuthorities()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Test]
    public async Task Connect_SignedByTheAuthorityForTheName_Works() => Assert.That(await ConnectAsync(_authority, "localhost"), Is.Null);

    [Test]
    public async Task Connect_SignedByAnotherAuthority_IsRefused() =>
        Assert.That(await ConnectAsync(_other, "localhost"), Is.InstanceOf<HttpRequestException>());

    [Test]
    public async Task Connect_ForAnotherName_IsRefused() =>
        Assert.That(await ConnectAsync(_authority, "gateway.agents.svc"), Is.InstanceOf<HttpRequestException>());

    [Test]
    public void Authority_IsNoCertificate_IsRefused() =>
        Assert.That(() => GatewayConnection.CreateHandler("no certificate"), Throws.InstanceOf<CryptographicException>());

    private Task<HttpRequestException?> ConnectAsync(X509Certificate2 issuer, string name) =>
        HttpsServer.ConnectAsync(issuer, name, GatewayConnection.CreateHandler(_authority.ExportCertificatePem()));
}
