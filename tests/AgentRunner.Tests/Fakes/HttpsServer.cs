using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;

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

    /// <summary>A certificate of an authority for a name, with its key.</summary>
    public static X509Certificate2 Issue(X509Certificate2 issuer, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, [1, 2, 3]);
        using var pair = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Connects to a server that has a certificate of an authority for a name, under the name localhost.</summary>
    /// <returns>Why it was refused; null when it was not.</returns>
    public static async Task<HttpRequestException?> ConnectAsync(X509Certificate2 issuer, string name, HttpMessageHandler handler)
    {
        using var certificate = Issue(issuer, name);
        await using var app = LoopbackServer.CreateBuilder(certificate).Build();
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
