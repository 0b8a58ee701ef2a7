using System.Security.Cryptography.X509Certificates;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentOperator.Tests.Gateway;

/// <summary>Replicas talk to each other at addresses, and their certificates are for a name.</summary>
internal sealed class PeerHttpClientTests
{
    private const string Name = "agent-operator-gateway.agents.svc";

    [Test]
    public async Task SendAsync_PeerAtAnAddressWithTheGatewaysCertificate_IsTrusted()
    {
        using var authority = new TestAuthority("ours");
        await using var peer = await StartAsync(authority.Issue(Name));
        using var client = Client(authority);
        using var request = Request(peer);

        using var response = await client.SendAsync(request, CancellationToken.None);

        Assert.That((int)response.StatusCode, Is.EqualTo(StatusCodes.Status204NoContent));
    }

    [TestCase("ours", "another.agents.svc", TestName = "SendAsync_CertificateForAnotherName_IsRefused")]
    [TestCase("theirs", Name, TestName = "SendAsync_CertificateOfAnotherAuthority_IsRefused")]
    public async Task SendAsync_OtherCertificate_IsRefused(string issuer, string name)
    {
        using var authority = new TestAuthority("ours");
        using var other = new TestAuthority("theirs");
        await using var peer = await StartAsync((issuer == "ours" ? authority : other).Issue(name));
        using var client = Client(authority);
        using var request = Request(peer);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, CancellationToken.None));

        Assert.That(error!.HttpRequestError, Is.EqualTo(HttpRequestError.SecureConnectionError));
    }

    private static PeerHttpClient Client(TestAuthority authority) => new(
        new FixedAuthority(authority.Pem), Options.Create(new GatewayOptions { GatewayUrl = $"https://{Name}:8443" }));

    private static HttpRequestMessage Request(WebApplication peer) =>
        new(
            HttpMethod.Post,
            new Uri(peer.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + PeerRoute.Answer));

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls("https://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        builder.Services.AddRoutingCore();
        var peer = builder.Build();
        peer.MapPost(PeerRoute.Answer, () => Results.NoContent());
        await peer.StartAsync();
        return peer;
    }
}
