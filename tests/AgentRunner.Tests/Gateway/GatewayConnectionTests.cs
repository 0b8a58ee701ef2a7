using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentRunner.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRunner.Tests.Gateway;

/// <summary>Only the gateway's own authority is trusted, and only for the gateway's name.</summary>
internal sealed class GatewayConnectionTests
{
    private X509Certificate2 authority = null!;
    private X509Certificate2 other = null!;

    [OneTimeSetUp]
    public void CreateAuthorities()
    {
        authority = CreateAuthority("the gateway's");
        other = CreateAuthority("another");
    }

    [OneTimeTearDown]
    public void DisposeAuthorities()
    {
        authority.Dispose();
        other.Dispose();
    }

    [Test]
    public async Task Connect_SignedByTheAuthorityForTheName_Works() => Assert.That(await ConnectAsync(authority, "localhost"), Is.Null);

    [Test]
    public async Task Connect_SignedByAnotherAuthority_IsRefused() =>
        Assert.That(await ConnectAsync(other, "localhost"), Is.InstanceOf<HttpRequestException>());

    [Test]
    public async Task Connect_ForAnotherName_IsRefused() =>
        Assert.That(await ConnectAsync(authority, "gateway.agents.svc"), Is.InstanceOf<HttpRequestException>());

    [Test]
    public void Authority_IsNoCertificate_IsRefused() =>
        Assert.That(() => GatewayConnection.CreateHandler("no certificate"), Throws.InstanceOf<CryptographicException>());

    private static X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private async Task<Exception?> ConnectAsync(X509Certificate2 issuer, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, [1, 2, 3]);
        using var pair = signed.CopyWithPrivateKey(key);
        using var certificate = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var app = builder.Build();
        app.Run(_ => Task.CompletedTask);
        await app.StartAsync();
        var port = new Uri(app.Urls.First()).Port;
        using var http = new HttpClient(GatewayConnection.CreateHandler(authority.ExportCertificatePem()));
        try
        {
            using var response = await http.GetAsync(new Uri($"https://localhost:{port}/"));
            return null;
        }
        catch (HttpRequestException exception)
        {
            return exception;
        }
    }
}
