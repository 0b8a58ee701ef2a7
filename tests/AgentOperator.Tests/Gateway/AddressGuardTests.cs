using System.Net;
using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using k8s.Models;

namespace AgentOperator.Tests.Gateway;

/// <summary>No request of the gateway reaches a link-local or metadata address, whatever a ModelEndpoint or a DNS server says. ADR 31.</summary>
[TestFixture]
internal sealed class AddressGuardTests
{
    private const string Name = "models.example";
    private static readonly IPAddress Metadata = IPAddress.Parse("169.254.169.254");

    [TestCase("http://169.254.169.254", "169.254.169.254")]
    [TestCase("https://169.254.169.254", "169.254.169.254")]
    [TestCase("http://2852039166", "169.254.169.254")]
    [TestCase("http://168.63.129.16:32526", "168.63.129.16")]
    [TestCase("http://[fe80::1]", "fe80::1")]
    [TestCase("http://[::ffff:169.254.169.254]", "::ffff:169.254.169.254")]
    public async Task Call_AddressIsWrittenOut_IsForAPersonAndNoProxyIsAsked(string url, string address)
    {
        await using var proxy = new ForwardProxy();
        using var transport = ProviderTransport.Create();

        var direct = await CallAsync(transport, url);
        var proxied = await CallAsync(transport, url, proxy.Url);

        Assert.That(Refusal(direct), Does.StartWith($"spec.baseUrl: {address} is a link-local or metadata address"));
        Assert.That(Refusal(proxied), Is.EqualTo(Refusal(direct)).And.Contains("gateway.allowLinkLocalAddresses"));
        Assert.That(proxy.Requests, Is.Empty);
    }

    [Test]
    public async Task Call_NameLeadsThere_IsForAPersonAndNamesHostAndAddress()
    {
        using var transport = Resolving(_ => [Metadata]);

        Assert.That(
            Refusal(await CallAsync(transport, $"http://{Name}")),
            Does.StartWith($"spec.baseUrl: {Name} is {Metadata}, which is a link-local or metadata address"));
    }

    [Test]
    public async Task Call_NameHasAnotherAddressToo_OnlyThatOneIsAsked()
    {
        await using var provider = await RecordingProvider.StartAsync();
        using var transport = Resolving(_ => [Metadata, IPAddress.Loopback]);

        Assert.That(await CallAsync(transport, Named(provider)), Is.InstanceOf<ProviderOutcome.Answered>());
    }

    /// <summary>A name that is harmless when it is checked, and leads elsewhere a moment later.</summary>
    [Test]
    public async Task Call_NameIsRebound_TheConnectionGoesToTheAddressThatWasChecked()
    {
        await using var provider = await RecordingProvider.StartAsync();
        using var transport = Resolving(asked => asked == 1 ? [IPAddress.Loopback] : [Metadata]);

        var checkedOnce = await CallAsync(transport, Named(provider));
        var laterConnection = await CallAsync(transport, Named(provider), name: "other");

        Assert.That(checkedOnce, Is.InstanceOf<ProviderOutcome.Answered>());
        Assert.That(Refusal(laterConnection), Does.Contain(Metadata.ToString()));
        Assert.That(provider.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("http://models.example")]
    [TestCase("https://models.example")]
    public async Task Call_ProxyIsThere_IsForAPersonAndNamesTheProxysField(string url)
    {
        using var transport = ProviderTransport.Create();

        Assert.That(
            Refusal(await CallAsync(transport, url, "http://169.254.1.1:3128")),
            Does.StartWith("spec.proxyUrl: 169.254.1.1 is a link-local or metadata address"));
    }

    /// <summary>Without a zone, the system cannot connect to such an address either.</summary>
    [Test]
    public async Task Call_TheChartAllowsIt_IsTried()
    {
        using var transport = ProviderTransport.Create(allowLinkLocal: true);

        Assert.That(await CallAsync(transport, "http://[fe80::1]:9"), Is.InstanceOf<ProviderOutcome.Unavailable>());
    }

    private static string Named(RecordingProvider provider) => $"http://{Name}:{new Uri(provider.Url).Port}";

    private static string Refusal(ProviderOutcome outcome)
    {
        var person = (ProviderOutcome.NeedsPerson)outcome;
        Assert.That(person.Cause, Is.EqualTo(Reasons.InvalidModelEndpoint));
        return person.Reason;
    }

    /// <param name="addresses">The addresses of any name, when it is asked for the nth time.</param>
    private static ProviderTransport Resolving(Func<int, IPAddress[]> addresses)
    {
        var asked = 0;
        return new ProviderTransport(_ => new HttpMessageInvoker(
            new AddressGuard(new SocketsHttpHandler(), (_, _) => Task.FromResult(addresses(Interlocked.Increment(ref asked))))));
    }

    private static Task<ProviderOutcome> CallAsync(ProviderTransport transport, string url, string? proxyUrl = null, string name = "provider")
    {
        var endpoint = new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "agents" },
            Spec = new ModelEndpointSpec { BaseUrl = $"{url}/v1", ProxyUrl = proxyUrl },
        };
        var body = """{"model":"m","messages":[]}"""u8.ToArray();
        return new ProviderClient(transport, new OutputLimitNames(TimeProvider.System), TimeProvider.System).CallAsync(
            new ProviderRequest(endpoint, ModelRequest.Parse(body), body), new EndpointCredentials(endpoint, []), "step-1", default);
    }
}
