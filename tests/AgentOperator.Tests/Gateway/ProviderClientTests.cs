using System.Net;
using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class ProviderClientTests
{
    [TestCase("Retry-After", "7", 7)]
    [TestCase("Retry-After", "Sat, 01 Jan 2000 00:01:30 GMT", 90)]
    [TestCase("Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT", 0)]
    [TestCase("Retry-After", "Sat, 01 Jan 2050 00:00:00 GMT", 86400)]
    [TestCase("Retry-After", "2000000000", 86400)]
    [TestCase("retry-after-ms", "1500", 1.5)]
    [TestCase("retry-after-ms", "1e300", 86400)]
    [TestCase("Retry-After", "soon", null)]
    public async Task Call_ProviderNamesATime_IsThatButADayAtMost(string header, string value, double? seconds)
    {
        using var transport = new ProviderTransport(new Answers(header, value));
        using var client = new ProviderClient(transport, new FakeTimeProvider(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var endpoint = new ModelEndpoint { Spec = new ModelEndpointSpec { BaseUrl = "https://models.example/v1" } };
        var outcome = await client.CallAsync(new ProviderRequest(endpoint, new ModelRequest("m", null), new byte[] { 1 }), null, "step-1", default);
        Assert.That(((ProviderOutcome.Unavailable)outcome).RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }

    private sealed class Answers(string header, string value) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            response.Headers.TryAddWithoutValidation(header, value);
            return Task.FromResult(response);
        }
    }
}
