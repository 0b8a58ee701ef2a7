using System.Net;
using AgentOperator.Api;

namespace AgentOperator.Tests.Outages;

/// <summary>A bad day of a provider costs no run: they wait, say what for, and go on.</summary>
[TestFixture]
internal sealed class ProviderOutageTests
{
    [Test]
    public async Task TwentyRuns_ProviderAwayThenBusyThenKeyRefused_AllSucceedWithoutAFailure()
    {
        const int runs = 20;
        using var world = new OutageWorld(runs);
        var start = world.Time.GetUtcNow();
        world.Provider.Answer = _ => FailingProvider.Away();

        // Within seconds everybody sees it, those at work too.
        await world.PassUntilAsync(() => world.EndpointStatus.FindCondition(ConditionTypes.Available)?.Status == "False", TimeSpan.FromSeconds(15));
        await world.PassAsync(TimeSpan.FromSeconds(2));
        Assert.That((world.Available.Status, world.Available.Reason), Is.EqualTo(("False", Reasons.EndpointUnavailable)));
        Assert.That(world.AtWork, Is.Positive);
        Assert.That(
            world.Statuses.Where(status => status.Phase == Phases.Running).Select(Running),
            Has.All.Matches<Condition>(condition => condition is { Status: "True", Reason: Reasons.EndpointUnavailable }));

        await world.PassUntilAsync(() => world.Time.GetUtcNow() - start > TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15));
        AssertAllWait(world, Reasons.EndpointUnavailable, "cannot be reached");

        var until = DateTimeOffset.MaxValue;
        world.Provider.Answer = _ =>
        {
            until = until < DateTimeOffset.MaxValue ? until : world.Time.GetUtcNow().AddSeconds(600);
            return world.Time.GetUtcNow() < until ? FailingProvider.Busy(until - world.Time.GetUtcNow()) : FailingProvider.Refused();
        };
        await world.PassUntilAsync(() => until < DateTimeOffset.MaxValue, TimeSpan.FromMinutes(3));
        await world.PassAsync(TimeSpan.FromMinutes(5));
        AssertAllWait(world, Reasons.EndpointUnavailable, "Rate limit reached.");
        Assert.That(world.Statuses.Select(status => status.NextAttemptAt), Has.All.InRange(until, until.AddSeconds(1)));

        await world.PassUntilAsync(() => world.Available.Reason == Reasons.KeyRefused, TimeSpan.FromMinutes(10));
        Assert.That(world.Provider.Calls.Count(call => call.Status == 429), Is.EqualTo(1), "it said when to come again");
        await world.PassAsync(TimeSpan.FromMinutes(10));
        AssertAllWait(world, Reasons.KeyRefused, "apiKeySecretRef");

        world.Provider.Answer = key => key == "new" ? FailingProvider.Completion() : FailingProvider.Refused();
        var wasted = world.Provider.Calls.Count;
        world.ChangeKey("new");
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(30));

        Assert.Multiple(() =>
        {
            Assert.That(world.Statuses.Select(status => status.Failures ?? 0), Has.All.Zero);
            Assert.That(
                world.Statuses.SelectMany(status => status.Attempts!).Select(attempt => attempt.Outcome),
                Has.All.EqualTo(Outcomes.EndpointDown).Or.EqualTo(Outcomes.Completed));
            Assert.That(world.Available.Status, Is.EqualTo("True"));
            Assert.That(wasted, Is.LessThan(2 * runs), "calls made in vain, by all runs together");
            Assert.That(world.Provider.Calls.Skip(wasted).Count(call => call.Status == 200), Is.EqualTo(runs));
        });
    }

    /// <summary>The agents are patient for longer than anybody wants to look at a run that says it is working.</summary>
    [TestCaseSource(nameof(Failures))]
    public async Task Provider_Fails_RunsSayWhyWithinSecondsOfTheFirstFailedCall(Func<HttpResponseMessage> failure, string reason, bool isAtWork)
    {
        using var world = new OutageWorld(runs: 2);
        world.Provider.Answer = _ => failure();
        await world.PassUntilAsync(() => world.Provider.Calls.Count > 0, TimeSpan.FromSeconds(5));
        var first = world.Provider.Calls[0].At;

        await world.PassUntilAsync(
            () => world.Statuses.All(status => status.FindCondition(ConditionTypes.Running)?.Reason == reason), TimeSpan.FromSeconds(20));

        Assert.Multiple(() =>
        {
            Assert.That(world.Time.GetUtcNow() - first, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(world.AtWork, Is.EqualTo(isAtWork ? 2 : 0));
            Assert.That(world.Statuses.Select(status => Running(status).Status), Has.All.EqualTo(isAtWork ? "True" : "False"));
            Assert.That(world.Available.Status, Is.EqualTo(reason == Reasons.ModelNotFound ? "True" : "False"));
            Assert.That(world.Events.Recorded.Count(told => told.Reason == reason && told.Note.Contains("ModelEndpoint 'openai' is")), Is.EqualTo(2));
        });
    }

    [Test]
    public async Task Endpoint_FailsIsChangedAndAnswers_StatusAndEventsSaySoEachTime()
    {
        using var world = new OutageWorld(runs: 0);
        await world.PassAsync(TimeSpan.FromSeconds(2));
        Assert.That((world.Available.Status, world.Available.Reason), Is.EqualTo(("Unknown", Reasons.NotCalled)));

        using var used = new OutageWorld(runs: 2);
        used.Provider.Answer = _ => FailingProvider.Refused();
        await used.PassUntilAsync(() => used.Statuses.All(status => status.Phase == Phases.Waiting), TimeSpan.FromMinutes(3));
        Assert.That((used.Available.Reason, used.EndpointStatus.RetryAt), Is.EqualTo((Reasons.KeyRefused, used.Statuses[0].NextAttemptAt)));

        used.Provider.Answer = _ => FailingProvider.Away();
        used.ChangeEndpoint(spec => spec with { BaseUrl = "https://other" });
        await used.PassUntilAsync(() => used.Available.Reason != Reasons.KeyRefused, TimeSpan.FromSeconds(2));
        Assert.That(
            (used.Available.Status, used.Available.Reason, used.EndpointStatus.RetryAt),
            Is.EqualTo(("Unknown", Reasons.NotCalled, (DateTimeOffset?)null)), "what the other URL answered says nothing about this one");

        await used.PassUntilAsync(() => used.Available.Status == "False", TimeSpan.FromMinutes(1));
        used.Provider.Answer = _ => FailingProvider.Completion();
        await used.PassUntilAsync(() => used.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(3));
        Assert.That(used.Available.Status, Is.EqualTo("True"));
        Assert.That(
            used.Events.Reasons.Where(reason => reason is Reasons.KeyRefused or Reasons.EndpointUnavailable or Reasons.Answering).Distinct(),
            Is.EqualTo(new[] { Reasons.KeyRefused, Reasons.EndpointUnavailable, Reasons.Answering }));
    }

    [Test]
    public async Task Waiting_EndpointIsChanged_GoesOnAtOnce()
    {
        using var world = new OutageWorld(runs: 3);
        world.Provider.Answer = _ => FailingProvider.Busy(TimeSpan.FromHours(5));
        await world.PassAsync(TimeSpan.FromMinutes(10));
        AssertAllWait(world, Reasons.EndpointUnavailable, "Rate limit reached.");

        world.Provider.Answer = _ => FailingProvider.Completion();
        world.ChangeEndpoint(spec => spec with { BaseUrl = "https://other" });
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Waiting_SecretOfAHeaderIsChanged_GoesOnWithinSeconds()
    {
        using var world = new OutageWorld(runs: 3);
        world.ChangeEndpoint(spec => spec with
        {
            ApiKeySecretRef = null, Headers = [new HeaderSpec { Name = "api-key", SecretKeyRef = spec.ApiKeySecretRef }],
        });
        world.Provider.Answer = key => key == "new" ? FailingProvider.Completion() : FailingProvider.Refused();
        await world.PassAsync(TimeSpan.FromMinutes(10));
        AssertAllWait(world, Reasons.KeyRefused, "headers");

        world.ChangeKey("new");
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Call_RefusedKeyIsNotTheSecretsAnyMore_IsMadeAgainAtOnce()
    {
        using var world = new OutageWorld(runs: 1);
        world.Provider.Answer = key =>
        {
            // The key is rotated while the call is on its way.
            world.ChangeKey("new");
            return key == "new" ? FailingProvider.Completion() : FailingProvider.Refused();
        };
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(10));

        Assert.That(world.Provider.Calls.Select(call => call.Status), Is.EqualTo(new[] { 401, 200 }));
        Assert.That(world.Statuses[0].Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ModelNotFound_OtherRunsOfTheEndpoint_GoOn()
    {
        using var world = new OutageWorld(runs: 4, number => number == 1 ? "missing" : "gpt-x");
        var isThere = false;
        world.Provider.ByModel = model => model == "missing" && !isThere ? FailingProvider.NoSuchModel() : FailingProvider.Completion();
        await world.PassAsync(TimeSpan.FromMinutes(30));

        string[] phases = [Phases.Waiting, Phases.Succeeded, Phases.Succeeded, Phases.Succeeded];
        Assert.That(world.Statuses.Select(status => status.Phase), Is.EqualTo(phases));
        Assert.That((Running(world.Statuses[0]).Reason, world.Statuses[0].Failures ?? 0), Is.EqualTo((Reasons.ModelNotFound, 0)));
        Assert.That(world.Available.Status, Is.EqualTo("True"));
        Assert.That(world.Provider.Calls.Count(call => call.Status == 404), Is.LessThan(12));

        isThere = true;
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(6));
        Assert.That(world.EndpointStatus.Models, Is.Null);
    }

    [Test]
    public async Task Outage_StatusCannotBeWritten_RunsStillWaitAndCostNothing()
    {
        using var world = new OutageWorld(runs: 3);
        world.Endpoints.Refusal = _ => HttpStatusCode.Forbidden;
        world.Provider.Answer = _ => FailingProvider.Away();
        await world.PassAsync(TimeSpan.FromMinutes(20));
        Assert.That(world.Statuses.Select(status => status.Failures ?? 0), Has.All.Zero);

        world.Provider.Answer = _ => FailingProvider.Completion();
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(6));
    }

    private static IEnumerable<TestCaseData> Failures()
    {
        yield return Case("no connection", () => FailingProvider.Away(), Reasons.EndpointUnavailable);
        yield return Case("503", () => FailingProvider.Json(HttpStatusCode.ServiceUnavailable, "{}"), Reasons.EndpointUnavailable);
        yield return Case("429 for 4 s", () => FailingProvider.Busy(TimeSpan.FromSeconds(4)), Reasons.EndpointUnavailable);
        yield return Case("429 for 7 s", () => FailingProvider.Busy(TimeSpan.FromSeconds(7)), Reasons.EndpointUnavailable);
        yield return Case("429 for 5 min", () => FailingProvider.Busy(TimeSpan.FromMinutes(5)), Reasons.EndpointUnavailable, isAtWork: false);
        yield return Case("401", FailingProvider.Refused, Reasons.KeyRefused, isAtWork: false);
        yield return Case("404", FailingProvider.NoSuchModel, Reasons.ModelNotFound, isAtWork: false);

        // An agent that is to wait for longer than it is patient for ends its attempt, and its run waits.
        static TestCaseData Case(string name, Func<HttpResponseMessage> failure, string reason, bool isAtWork = true) =>
            new TestCaseData(failure, reason, isAtWork).SetArgDisplayNames(name);
    }

    private static Condition Running(AgentRunStatus status) => status.FindCondition(ConditionTypes.Running)!;

    /// <summary>All runs wait without a pod, but for the one that tries.</summary>
    private static void AssertAllWait(OutageWorld world, string reason, string sentence)
    {
        var waiting = world.Statuses.Where(status => status.Phase is Phases.Waiting).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(world.AtWork, Is.LessThanOrEqualTo(1));
            Assert.That(waiting, Has.Count.EqualTo(world.Statuses.Count - world.AtWork));
            Assert.That(waiting.Select(status => Running(status).Reason), Has.All.EqualTo(reason));
            Assert.That(waiting.Select(status => status.WaitingFor), Has.All.Contains(sentence));
            Assert.That((world.Available.Status, world.Available.Reason), Is.EqualTo(("False", reason)));
        });
    }
}
