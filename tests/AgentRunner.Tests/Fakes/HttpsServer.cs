using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRunner.Tests.Fakes;

/// <summary>A server on a loopback port that says nothing, over TLS.</summary>
internal static class HttpsServer
{
    /// <summary>A certificate authority of that name.</summary>
    public static X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    /// <summary>Connects to a server that has a certificate of an authority for a name, under the name localhost.</summary>
    /// <returns>Why it was refused; null when it was not.</returns>
    public static async Task<HttpRequestException?> ConnectAsync(X509Certificate2 issuer, string name, HttpMessageHandler handler)
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
        using var http = new HttpClient(handler);
        try
        {
            using var response = await http.GetAsync(new Uri($"https://localhost:{new Uri(app.Urls.First()).Port}/"));
            return null;
        }
        catch (HttpRequestException exception)
        {
            return exception;
        }
    }
}
