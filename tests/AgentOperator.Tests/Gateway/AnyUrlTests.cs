using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AgentOperator.Api;
using AgentOperator.Api.Schema;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

/// <summary>Whatever a ModelEndpoint names as a URL: it is refused with a sentence, or the gateway can ask it.</summary>
[TestFixture]
internal sealed class AnyUrlTests
{
    private const int Seeds = 6_000;

    [Test]
    public void TryParse_AnyUrl_IsRefusedWithASentenceOrTaken()
    {
        var pattern = new HttpUrlAttribute().Pattern;
        var (taken, refused) = (0, 0);
        foreach (var (seed, text) in Urls())
        {
            if (HttpUrl.TryParse(text, out var url, out var problem))
            {
                taken++;
                Assert.That(Regex.IsMatch(text, pattern), $"seed {seed}: the API server must not refuse what the operator takes");
                Assert.That(url.UserInfo + url.Fragment, Is.Empty, $"seed {seed}");
                Assert.That(HttpUrl.TryParse(url.AbsoluteUri, out _, out var again), $"seed {seed}: {again}");
            }
            else
            {
                refused++;
                Assert.That(problem, Is.SameAs(PlainText.Of(problem)).And.Length.InRange(5, 120), $"seed {seed}");
                Assert.That(problem, Does.Not.Contain("hidden"), $"seed {seed}");
            }
        }

        Assert.That((taken, refused), Is.GreaterThan((Seeds / 20, Seeds / 2)));
    }

    /// <summary>The way of a call up to the first byte, with the classes that make it.</summary>
    [Test]
    public async Task Send_AnyUrlThatIsTaken_FailsAtTheNetworkAndNotBefore([Values] bool isProxy)
    {
        var asked = 0;
        foreach (var (seed, text) in Urls())
        {
            if (!HttpUrl.TryParse(text, out var url, out _))
            {
                continue;
            }

            using var network = new SocketsHttpHandler { UseProxy = isProxy, Proxy = isProxy ? new WebProxy(url) : null };
            using var guard = new AddressGuard(network, (host, _) =>
            {
                asked++;
                Assert.That(Uri.CheckHostName(host), Is.Not.EqualTo(UriHostNameType.Unknown), $"seed {seed}");
                throw new SocketException((int)SocketError.HostNotFound);
            });
            using var http = new HttpMessageInvoker(guard);
            using var request = new HttpRequestMessage(
                HttpMethod.Post, isProxy ? new Uri("http://models.example/v1") : ProviderUrl.ChatCompletions(url));

            await Assert.ThatAsync(() => http.SendAsync(request, default), Throws.InstanceOf<HttpRequestException>(), $"seed {seed}: {text}");
        }

        Assert.That(asked, Is.GreaterThan(Seeds / 25));
    }

    [Test]
    public void Validate_AnyUrlInEitherField_NeverThrowsAndNamesTheField()
    {
        foreach (var (seed, text) in Urls())
        {
            var isUsable = HttpUrl.TryParse(text, out _, out var problem);
            var endpoint = new ModelEndpoint { Spec = new ModelEndpointSpec { BaseUrl = text, ProxyUrl = text } };

            var violations = ModelEndpointValidator.Validate(endpoint);

            Assert.That(
                violations.Select(violation => violation.Field).Distinct(), Is.SubsetOf(new[] { "spec.baseUrl", "spec.proxyUrl" }), $"seed {seed}");
            if (!isUsable)
            {
                Assert.That(violations.Select(violation => violation.Message), Is.EqualTo(new[] { problem, problem }), $"seed {seed}");
            }
        }
    }

    [Test]
    public void Resolve_AnyLocation_IsAnAddressThatCanBeAskedOrNone()
    {
        var server = new Uri("https://api.example/v1");
        foreach (var (seed, text) in Urls())
        {
            if (HttpUrl.Resolve(server, text) is { } target)
            {
                Assert.That(HttpUrl.TryParse(target.AbsoluteUri, out _, out var problem), $"seed {seed}: {problem}");
                Assert.That(HttpUrl.OriginOf(target), Does.Match("^https?://[-a-zA-Z0-9._:\\[\\]]+$").And.Length.LessThan(280), $"seed {seed}");
            }
        }
    }

    private static IEnumerable<(int Seed, string Url)> Urls() => Enumerable.Range(0, Seeds).Select(seed => (seed, AnyUrl.Of(seed)));
}
