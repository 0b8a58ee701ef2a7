using System.Net;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;
using k8s.Models;

namespace AgentOperator.Tests.Gateway;

/// <summary>I16: the gateway follows no redirect, which would carry the key to a host that its Secret does not name.</summary>
[TestFixture]
internal sealed class ProviderRedirectTests
{
    [Test]
    public async Task Call_ProviderRedirectsElsewhere_IsForAPersonAndTheOtherHostIsNotAsked([Values(301, 302, 303, 307, 308)] int status)
    {
        await using var elsewhere = await RecordingProvider.StartAsync();
        await using var provider = await RecordingProvider.StartAsync(status: status, location: $"{elsewhere.Url}/v1?token=hidden");

        var outcome = await CallAsync(provider.Url);

        Assert.That(outcome.Cause, Is.EqualTo(Reasons.UnexpectedAnswer));
        Assert.That(
            outcome.Reason, Does.StartWith($"The model endpoint answered {status}: it redirects to {elsewhere.Url}. ").And.Contains("set baseUrl"));
        Assert.That(outcome.Reason, Does.Not.Contain("hidden"));
        Assert.That((provider.Requests.Count, elsewhere.Requests.Count), Is.EqualTo((1, 0)));
    }

    [TestCase("/v1/other?token=hidden", "another path of the same server")]
    [TestCase("https://h:99999/", "an address that cannot be used")]
    [TestCase("mailto:hidden@example", "an address that cannot be used")]
    [TestCase(null, "an address that cannot be used")]
    public async Task Call_RedirectNamesNoOtherHost_SaysSo(string? location, string target)
    {
        await using var provider = await RecordingProvider.StartAsync(status: 307, location: location);

        Assert.That(
            (await CallAsync(provider.Url)).Reason,
            Does.StartWith($"The model endpoint answered 307: it redirects to {target}.").And.Not.Contain("hidden"));
    }

    [Test]
    public void Classify_AnyLocation_IsShownPlainAndBounded()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            using var response = new HttpResponseMessage(HttpStatusCode.TemporaryRedirect)
            {
                RequestMessage = new HttpRequestMessage(HttpMethod.Post, "https://api.example/v1/chat/completions"),
            };
            response.Headers.TryAddWithoutValidation("Location", AnyUrl.Of(seed));

            var outcome = (ProviderOutcome.NeedsPerson)AnswerClassifier.Classify(
                ProviderResponse.Of(response, default), "{}"u8.ToArray(), "m", [], DateTimeOffset.UnixEpoch);

            Assert.That(outcome.Reason, Is.SameAs(PlainText.Of(outcome.Reason)).And.Length.LessThan(500), $"seed {seed}");
            Assert.That(outcome.Reason, Does.Not.Contain("hidden"), $"seed {seed}");
        }
    }

    private static async Task<ProviderOutcome.NeedsPerson> CallAsync(string url)
    {
        using var transport = ProviderTransport.Create();
        var endpoint = new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = "agents" }, Spec = new ModelEndpointSpec { BaseUrl = $"{url}/v1" },
        };
        var body = """{"model":"m","messages":[]}"""u8.ToArray();
        var client = new ProviderClient(transport, new OutputLimitNames(TimeProvider.System), TimeProvider.System);
        return (ProviderOutcome.NeedsPerson)await client.CallAsync(
            new ProviderRequest(endpoint, ModelRequest.Parse(body), body), new EndpointCredentials(endpoint, []), "step-1", default);
    }
}
