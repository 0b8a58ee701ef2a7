using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;
using k8s.Models;

namespace AgentOperator.Tests.Gateway;

/// <summary>Providers behind an authority of their own, or behind a proxy, over real connections.</summary>
[TestFixture]
internal sealed class ProviderConnectionTests
{
    private const string Address = "127.0.0.1";

    private TestAuthority _authority = null!;
    private ProviderTransport _transport = null!;

    [SetUp]
    public void SetUp() => (_authority, _transport) = (new TestAuthority("ours"), ProviderTransport.Create());

    [TearDown]
    public void TearDown()
    {
        _authority.Dispose();
        _transport.Dispose();
    }

    [Test]
    public async Task Call_AuthorityIsInTheCaBundle_IsTrustedForThatEndpointOnly()
    {
        await using var provider = await StartAsync(_authority.Issue(Address));

        var trusting = await CallAsync(provider.Url, spec => spec with { CaBundle = _authority.Pem }, "trusting");
        var other = await CallAsync(provider.Url, spec => spec, "other");

        Assert.That(trusting, Is.InstanceOf<ProviderOutcome.Answered>());
        Assert.That(Reason(other), Does.StartWith("TLS: ").And.Contains("unknown authority. Set spec.caBundle"));
        Assert.That(provider.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Call_CaBundleIsAddedLater_IsTrusted()
    {
        await using var provider = await StartAsync(_authority.Issue(Address));
        using var other = new TestAuthority("theirs");

        var before = await CallAsync(provider.Url, spec => spec with { CaBundle = other.Pem });
        var after = await CallAsync(provider.Url, spec => spec with { CaBundle = $"{other.Pem}\n{_authority.Pem}" });

        Assert.That(Reason(before), Does.Contain("neither the system nor spec.caBundle"));
        Assert.That(after, Is.InstanceOf<ProviderOutcome.Answered>());
    }

    /// <summary>The bundle need not have what the server sends itself.</summary>
    [Test]
    public async Task Call_ServerSendsAnIntermediateCertificate_TheRootIsEnough()
    {
        using var intermediate = _authority.Intermediate("between");
        await using var provider = await RecordingProvider.StartAsync(certificate: intermediate.Issue(Address), chain: intermediate.Chain);

        Assert.That(await CallAsync(provider.Url, spec => spec with { CaBundle = _authority.Pem }), Is.InstanceOf<ProviderOutcome.Answered>());
    }

    [TestCase("models.example", false, "another host name")]
    [TestCase(Address, true, "expired")]
    public async Task Call_CertificateIsNoGood_IsRefusedAndSaysWhy(string name, bool isExpired, string why)
    {
        await using var provider = await StartAsync(_authority.Issue(name, isExpired));

        var outcome = await CallAsync(provider.Url, spec => spec with { CaBundle = _authority.Pem });

        Assert.That(Reason(outcome), Does.StartWith("TLS: ").And.Contains(why));
        Assert.That(provider.Requests, Is.Empty);
    }

    [Test]
    public async Task Call_ServerSpeaksNoTls_SaysSo()
    {
        await using var provider = await RecordingProvider.StartAsync();

        var outcome = await CallAsync(provider.Url.Replace("http:", "https:", StringComparison.Ordinal), spec => spec);

        Assert.That(Reason(outcome), Does.Contain("check that it serves HTTPS"));
    }

    [Test]
    public async Task Call_NothingListens_SaysThatTheEndpointCannotBeReached()
    {
        var provider = await RecordingProvider.StartAsync();
        var url = provider.Url;
        await provider.DisposeAsync();

        var outcome = await CallAsync(url, spec => spec);

        Assert.That(Reason(outcome), Is.EqualTo("The model endpoint cannot be reached, or refuses the connection."));
    }

    /// <summary>The dot at the end keeps search domains out, in which any name may exist.</summary>
    [Test]
    public async Task Call_HostNameIsUnknown_SaysSo()
    {
        var outcome = await CallAsync("http://provider.invalid.", spec => spec);

        Assert.That(Reason(outcome), Is.EqualTo("The host name of the model endpoint cannot be resolved."));
    }

    [Test]
    public async Task Call_ThroughAProxy_IsATunnelToAnHttpsProvider()
    {
        await using var provider = await StartAsync(_authority.Issue(Address));
        await using var proxy = new ForwardProxy();

        var outcome = await CallAsync(provider.Url, spec => spec with { CaBundle = _authority.Pem, ProxyUrl = proxy.Url });

        Assert.That(outcome, Is.InstanceOf<ProviderOutcome.Answered>());
        Assert.That(proxy.Requests, Is.EqualTo(new[] { $"CONNECT {new Uri(provider.Url).Authority} HTTP/1.1" }));
    }

    [Test]
    public async Task Call_ThroughAProxy_IsPassedOnToAnHttpProvider()
    {
        await using var provider = await RecordingProvider.StartAsync();
        await using var proxy = new ForwardProxy();

        var outcome = await CallAsync(provider.Url, spec => spec with { ProxyUrl = proxy.Url });

        Assert.That(outcome, Is.InstanceOf<ProviderOutcome.Answered>());
        Assert.That(proxy.Requests, Is.EqualTo(new[] { $"POST {provider.Url}/v1/chat/completions HTTP/1.1" }));
    }

    [Test]
    public async Task Call_ProxyIsAway_SaysThatItIsTheProxy()
    {
        await using var provider = await RecordingProvider.StartAsync();
        var proxy = new ForwardProxy();
        var url = proxy.Url;
        await proxy.DisposeAsync();

        var outcome = await CallAsync(provider.Url, spec => spec with { ProxyUrl = url });

        Assert.That(Reason(outcome), Does.Contain("proxy (spec.proxyUrl) cannot be reached"));
    }

    [Test]
    public async Task Call_ProxyRefusesTheTunnel_SaysThatItIsTheProxy()
    {
        await using var proxy = new ForwardProxy("403 Forbidden");

        var outcome = await CallAsync("https://models.example", spec => spec with { ProxyUrl = proxy.Url });

        Assert.That(Reason(outcome), Does.Contain("The proxy refuses").And.Contains("spec.proxyUrl"));
    }

    /// <summary>An address that drops packets. The runtime says so with a cancellation that nobody asked for.</summary>
    [Test]
    public async Task Call_ConnectionIsNotMadeInTime_IsUnavailableAndNotPaid()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var transport = new ProviderTransport(
            _ => new HttpMessageInvoker(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(200) }));
        var unused = new List<TokenUsage>();

        var outcome = await CallAsync(transport, $"https://{silent.LocalEndpoint}", spec => spec, "silent", unused.Add);

        Assert.That(Reason(outcome), Does.Contain("cannot be reached"));
        Assert.That(unused, Is.Empty);
    }

    /// <summary>Proxies that unpack a body and leave the header, or the other way round.</summary>
    [Test]
    public async Task Call_BodyIsNotCompressedAsItSays_IsForAPersonAndCounted([Values("gzip", "br", "deflate")] string encoding)
    {
        await using var provider = await RecordingProvider.StartAsync(encoding: encoding);
        var unused = new List<TokenUsage>();

        var outcome = (ProviderOutcome.NeedsPerson)await CallAsync(_transport, provider.Url, spec => spec, encoding, unused.Add);

        Assert.That((outcome.Cause, unused.Count), Is.EqualTo((Reasons.UnexpectedAnswer, 1)));
        Assert.That(outcome.Reason, Does.Contain("cannot be decompressed"));
    }

    private static Task<RecordingProvider> StartAsync(X509Certificate2 certificate) => RecordingProvider.StartAsync(certificate: certificate);

    private static string Reason(ProviderOutcome outcome) => ((ProviderOutcome.Unavailable)outcome).Reason;

    private Task<ProviderOutcome> CallAsync(string url, Func<ModelEndpointSpec, ModelEndpointSpec> change, string name = "provider") =>
        CallAsync(_transport, url, change, name, _ => { });

    private static Task<ProviderOutcome> CallAsync(
        ProviderTransport transport, string url, Func<ModelEndpointSpec, ModelEndpointSpec> change, string name, Action<TokenUsage> onUnused)
    {
        var endpoint = new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "agents" }, Spec = change(new ModelEndpointSpec { BaseUrl = $"{url}/v1" }),
        };
        var body = """{"model":"m","messages":[]}"""u8.ToArray();
        return new ProviderClient(transport, new OutputLimitNames(TimeProvider.System), TimeProvider.System).CallAsync(
            new ProviderRequest(endpoint, ModelRequest.Parse(body), body) { OnUnused = onUnused }, new EndpointCredentials(endpoint, []), "step-1",
            default);
    }
}
