using System.Net;
using System.Text;
using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway;

/// <summary>I16: whoever writes a ModelEndpoint does not get Secrets sent that they may not read.</summary>
[TestFixture]
internal sealed class SecretUseTests
{
    private const string ModelKey = ApiConstants.ModelKeySecretType;
    private const string Opaque = "Opaque";

    private static readonly string[] Hosts =
    [
        "api.example.com", "API.Example.com", "api.example.com.", "evil.test", "api.example.com.evil.test", "example.com", "localhost", "a_b",
        "127.0.0.1", "0x7f.1", "2130706433", "[::1]", "[0:0::1]", "[::ffff:127.0.0.1]", "[fe80::1%25eth0]", "b\u00fccher.example",
        "xn--bcher-kva.example", "\uff41pi.example.com", "api\u3002example.com", "api.example\u200b.com",
    ];

    private static readonly string[] Ports = ["", "", "", ":443", ":80", ":8443", ":0443", ":"];

    private static readonly string[] Users = ["", "", "", "u:p@", "api.example.com@", "api.example.com:443@", "@"];

    private static readonly string[] OddEntries =
    [
        "", " ", "*", "*.example.com", ".example.com", "https://api.example.com", "api.example.com/v1", "u@api.example.com", "::1",
    ];

    private static readonly SecretKeyReference Key = new() { Name = "db", Key = "password" };

    [TestCase("https://a", null, ModelKey, null, true, TestName = "Type")]
    [TestCase("https://a", null, Opaque, null, false, TestName = "Another type")]
    [TestCase("https://a", null, null, null, false, TestName = "No type")]
    [TestCase("https://a", null, Opaque, "b, A", true, TestName = "Host among others")]
    [TestCase("https://a", null, Opaque, "a:443", true, TestName = "Host with the port of https")]
    [TestCase("https://a:443", null, Opaque, "a", true, TestName = "URL with the port of https")]
    [TestCase("https://a:8443", null, Opaque, "a", false, TestName = "Host at another port")]
    [TestCase("https://a:8443", null, Opaque, "a:8443", true, TestName = "Host and port")]
    [TestCase("https://a", null, ModelKey, "b", false, TestName = "Type, but another host")]
    [TestCase("https://a", null, ModelKey, "", false, TestName = "Type, but no host")]
    [TestCase("http://a", null, ModelKey, null, true, TestName = "Plain HTTP and type")]
    [TestCase("http://a", null, Opaque, "a", false, TestName = "Plain HTTP at a host that is named for https")]
    [TestCase("http://a:443", null, Opaque, "a", false, TestName = "Plain HTTP at the port of https")]
    [TestCase("http://a", null, Opaque, "a:80", true, TestName = "Plain HTTP at a host and port")]
    [TestCase("https://a", "http://p:3128", Opaque, "a", true, TestName = "Proxy that sees only a tunnel")]
    [TestCase("http://a", "http://p:3128", Opaque, "a:80", false, TestName = "Proxy that sees plain HTTP")]
    [TestCase("http://a", "http://p:3128", Opaque, "a:80,p:3128", true, TestName = "Proxy that sees plain HTTP and is named")]
    public void FindProblem_OfASecret_IsNoneIfTheSecretAllowsWhoCanReadIt(string url, string? proxy, string? type, string? hosts, bool isAllowed)
    {
        var endpoint = Endpoint(new ModelEndpointSpec { BaseUrl = url, ProxyUrl = proxy, AllowPlainHttp = true });
        Assert.That(SecretUse.FindProblem(endpoint, "db", new SecretMark(type, hosts)) is null, Is.EqualTo(isAllowed));
    }

    /// <summary>With an authority of its own, the proxy could pass itself off as the host.</summary>
    [TestCase("a", false)]
    [TestCase("a,p:3128", true)]
    public void FindProblem_EndpointHasAnAuthorityAndAProxy_ProxyMustBeNamedToo(string hosts, bool isAllowed)
    {
        var endpoint = Endpoint(new ModelEndpointSpec { BaseUrl = "https://a", ProxyUrl = "http://p:3128", CaBundle = "pem" });
        Assert.That(SecretUse.FindProblem(endpoint, "db", new SecretMark(Opaque, hosts)) is null, Is.EqualTo(isAllowed));
    }

    [TestCase(
        "https://evil.test:8443/v1", null,
        "Secret 'db' may not be sent to evil.test:8443. To allow that, run \"kubectl --namespace team annotate secret db "
        + "agentoperator.dev/endpoint-host=evil.test:8443\".")]
    [TestCase(
        "https://evil.test/v1", "api.example.com",
        "Secret 'db' may not be sent to evil.test. To allow that, run \"kubectl --namespace team annotate --overwrite secret db "
        + "agentoperator.dev/endpoint-host=HOSTS,evil.test\", with the hosts that the annotation names now as HOSTS.")]
    [TestCase(
        "http://api.example.com/v1", "api.example.com:80",
        "Secret 'db' is not sent over plain HTTP. Use an https URL as the ModelEndpoint's baseUrl, or set its spec.allowPlainHttp to true.")]
    public void FindProblem_SecretIsNotAllowed_SaysWhatToDo(string url, string? hosts, string sentence)
    {
        var problem = SecretUse.FindProblem(Endpoint(new ModelEndpointSpec { BaseUrl = url }), "db", new SecretMark(Opaque, hosts))!;
        Assert.That((problem.Cause, problem.Reason), Is.EqualTo((Reasons.KeyNotAllowed, sentence)));
    }

    /// <summary>Nobody learns what a Secret holds that they may not use, not even whether it has a key.</summary>
    [TestCase(null)]
    [TestCase("unsendable\n")]
    [TestCase("secret")]
    public void Problem_SecretIsNotAllowed_SaysNothingOfWhatItHolds(string? text)
    {
        var endpoint = Endpoint(new ModelEndpointSpec { BaseUrl = "https://evil.test", ApiKeySecretRef = Key });
        var credentials = new EndpointCredentials(endpoint, [(Key, new SecretValue(text, "1", new SecretMark(Opaque, null)))]);

        Assert.That(credentials.Problem!.Cause, Is.EqualTo(Reasons.KeyNotAllowed));
        Assert.That(() => credentials[Key], Throws.InvalidOperationException.With.Message.Not.Contain("unsendable"));
    }

    /// <summary>Connections are what counts: where the HTTP client would connect to, and whether it would encrypt.</summary>
    [Test]
    public async Task Call_AnyBaseUrlAndAnyHosts_ConnectsOnlyToAHostThatTheSecretNames()
    {
        var (allowed, refused) = (0, 0);
        var connected = new List<DnsEndPoint>();
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = (context, _) =>
            {
                connected.Add(context.DnsEndPoint);
                throw new IOException("not connected");
            },
        };
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var host = Pick(random, Hosts);
            var spec = new ModelEndpointSpec
            {
                BaseUrl = $"{(random.Next(4) == 0 ? "http" : "https")}://{Pick(random, Users)}{host}{Pick(random, Ports)}/v1",
                AllowPlainHttp = random.Next(2) == 0,
                Headers = [new HeaderSpec { Name = "api-key", SecretKeyRef = Key }],
            };
            if (ModelEndpointValidator.Validate(Endpoint(spec)).Count > 0)
            {
                continue;
            }

            var hosts = string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => AnyEntry(random, host)));
            await CallAsync(handler, spec, hosts);
            var isHttps = spec.BaseUrl.StartsWith("https:", StringComparison.Ordinal);
            foreach (var target in connected)
            {
                Assert.That(Names(hosts, target, isHttps) && (isHttps || spec.AllowPlainHttp), $"seed {seed}: {spec.BaseUrl} for '{hosts}'");
                allowed++;
            }

            refused += connected.Count == 0 ? 1 : 0;
            connected.Clear();

            // The name that the refusal gives is the one that helps.
            await CallAsync(handler, spec with { AllowPlainHttp = true }, $"{hosts},{SecretMark.NameOf(new Uri(spec.BaseUrl))}");
            Assert.That(connected, Has.Count.EqualTo(1), $"seed {seed}: {spec.BaseUrl}");
            connected.Clear();
        }

        Assert.That((allowed > 50, refused > 300), Is.EqualTo((true, true)), $"{allowed} were allowed, {refused} refused");
    }

    private static async Task CallAsync(SocketsHttpHandler handler, ModelEndpointSpec spec, string hosts)
    {
        using var transport = new ProviderTransport(handler);
        var (endpoint, time, body) = (Endpoint(spec), new FakeTimeProvider(), Encoding.UTF8.GetBytes("""{"model":"m","messages":[]}"""));
        await new ProviderClient(transport, new OutputLimitNames(time), time).CallAsync(
            new ProviderRequest(endpoint, ModelRequest.Parse(body), body),
            new EndpointCredentials(endpoint, [(Key, new SecretValue("secret", "1", new SecretMark(Opaque, hosts)))]), "step-1", default);
    }

    private static bool Names(string hosts, DnsEndPoint target, bool isHttps)
    {
        var entries = hosts.Split(',').Select(entry => entry.Trim().ToLowerInvariant()).ToList();
        return entries.Contains($"{target.Host}:{target.Port}") || (isHttps && target.Port == 443 && entries.Contains(target.Host));
    }

    private static string AnyEntry(Random random, string host)
    {
        var entry = random.Next(5) == 0 ? Pick(random, OddEntries) : (random.Next(2) == 0 ? host : Pick(random, Hosts)) + Pick(random, Ports);
        return random.Next(3) == 0 ? $" {entry.ToUpperInvariant()} " : entry;
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private static ModelEndpoint Endpoint(ModelEndpointSpec spec) => new()
    {
        Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = "team" }, Spec = spec,
    };
}
