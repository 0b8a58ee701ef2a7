using System.Net;
using AgentOperator.Api;

namespace AgentOperator.Tests.Outages;

/// <summary>Every kind of trouble at a provider, as runs see it.</summary>
[TestFixture]
internal sealed class ProviderTroubleTests
{
    /// <summary>What passes is tried a few times by each of the two replicas first, and then every 5 s.</summary>
    private const int AFew = 10;

    /// <summary>One web page at a replica may be a proxy's slip. The second there is not.</summary>
    private const int WithASlip = 3;

    private static readonly HttpRequestError[] Errors =
    [
        HttpRequestError.ConnectionError, HttpRequestError.NameResolutionError, HttpRequestError.SecureConnectionError,
        HttpRequestError.ResponseEnded,
    ];

    private static IEnumerable<TestCaseData> Troubles()
    {
        const string Quota = """{"error":{"type":"insufficient_quota","message":"You exceeded your current quota."}}""";
        foreach (var error in Errors)
        {
            yield return new TestCaseData(() => FailingProvider.Away(error), Reasons.EndpointUnavailable, AFew).SetArgDisplayNames(error.ToString());
        }

        foreach (var status in (int[])[408, 409, 429, 500, 502, 503, 504, 520, 522, 529])
        {
            yield return Case(status, """{"error":{"message":"Later."}}""", Reasons.EndpointUnavailable, AFew);
        }

        yield return Case(401, "", Reasons.KeyRefused);
        yield return Case(403, "", Reasons.KeyRefused);
        yield return Case(402, "", Reasons.QuotaExceeded);
        yield return Case(429, Quota, Reasons.QuotaExceeded);
        yield return Case(429, """{"error":{"type":"tokens","code":"insufficient_quota"}}""", Reasons.QuotaExceeded);
        yield return Case(400, """{"error":{"type":"budget_exceeded","message":"Budget has been exceeded"}}""", Reasons.QuotaExceeded);
        yield return Case(200, Quota, Reasons.QuotaExceeded);
        yield return Case(404, """{"error":{"code":"model_not_found"}}""", Reasons.ModelNotFound);
        yield return Case(404, "<html>404</html>", Reasons.UnexpectedAnswer, WithASlip);
        yield return Case(200, "<html><title>Sign in</title></html>", Reasons.UnexpectedAnswer, WithASlip);
        yield return Case(200, """{"choices":[]}""", Reasons.UnexpectedAnswer, WithASlip);

        static TestCaseData Case(int status, string body, string reason, int calls = 2) =>
            new TestCaseData(() => FailingProvider.Json((HttpStatusCode)status, body), reason, calls).SetArgDisplayNames($"{status} {body}");
    }

    /// <summary>Nobody touches the cluster: what passes passes, and what a person mends at the provider is found out.</summary>
    [TestCaseSource(nameof(Troubles))]
    public async Task Trouble_OfAnyKind_RunsWaitAfterAFewCallsAndGoOnByThemselves(Func<HttpResponseMessage> trouble, string reason, int calls)
    {
        using var world = new OutageWorld(runs: 3);
        world.Provider.Answer = _ => trouble();
        await world.PassAsync(TimeSpan.FromSeconds(20));
        Assert.That(world.Provider.Calls, Has.Count.InRange(1, calls), "calls of all runs together");

        await world.PassAsync(TimeSpan.FromMinutes(15));
        var waiting = world.Statuses.Where(status => status.Phase == Phases.Waiting).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(waiting, Has.Count.EqualTo(3 - world.AtWork).And.Count.GreaterThan(1));
            Assert.That(waiting.Select(status => status.FindCondition(ConditionTypes.Running)!.Reason), Has.All.EqualTo(reason));
            Assert.That(waiting.Select(status => status.WaitingFor), Has.All.Not.Empty);
            Assert.That(world.Statuses.Select(status => status.Failures ?? 0), Has.All.Zero);
            Assert.That(world.Provider.Calls, Has.Count.LessThan(60), "fewer than 20 calls a run");
        });

        world.Provider.Answer = _ => FailingProvider.Completion();
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(6));
    }
}
