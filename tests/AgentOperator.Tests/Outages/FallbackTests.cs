using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Outages;

/// <summary>Runs go on at another endpoint while their own is unavailable.</summary>
[TestFixture]
internal sealed class FallbackTests
{
    private const string Spare = "spare";
    private const string SpareModel = "spare-model";

    [Test]
    public async Task Fallback_OwnEndpointIsAway_AnswersAndNobodyWaits()
    {
        using var world = new OutageWorld(runs: 5);
        AddSpare(world);
        world.Provider.ByModel = model => model == SpareModel ? FailingProvider.Completion() : FailingProvider.Away();

        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(1));

        Assert.Multiple(() =>
        {
            Assert.That(world.Statuses.Select(status => status.Attempts!.Count), Has.All.EqualTo(1));
            Assert.That((world.Available.Status, world.Available.Reason), Is.EqualTo(("False", Reasons.EndpointUnavailable)));
            Assert.That(world.Endpoints[Spare].Status!.FindCondition(ConditionTypes.Available)!.Status, Is.EqualTo("True"));
        });
    }

    [Test]
    public async Task Fallback_OwnEndpointIsBack_AnswersAgain()
    {
        using var world = new OutageWorld(runs: 1);
        AddSpare(world);
        world.Provider.ByModel = model => model == SpareModel ? throw new AssertionException("not needed") : FailingProvider.Completion();

        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(1));

        Assert.That(world.Available.Status, Is.EqualTo("True"));
    }

    [Test]
    public async Task Fallback_AllAreAway_RunsWaitForTheirOwnAndGoOnWhenAnyIsBack()
    {
        using var world = new OutageWorld(runs: 5);
        AddSpare(world);
        world.Provider.ByModel = model =>
            model == SpareModel ? FailingProvider.Away() : FailingProvider.Busy(TimeSpan.FromHours(5));
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase is Phases.Waiting or Phases.Pending), TimeSpan.FromMinutes(5));
        Assert.That(
            world.Statuses.Select(status => status.FindCondition(ConditionTypes.Running)!.Message),
            Has.All.Contains($"'{OutageWorld.Endpoint}'").And.Contain("Rate limit reached."));

        world.Provider.ByModel = model =>
            model == SpareModel ? FailingProvider.Completion() : FailingProvider.Busy(TimeSpan.FromHours(5));
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(10));

        Assert.That(world.Statuses.Select(status => status.Failures ?? 0), Has.All.Zero);
    }

    [Test]
    public async Task Fallback_RefusesTheRequest_IsNotTheRunsEnd()
    {
        using var world = new OutageWorld(runs: 1);
        AddSpare(world);
        world.Provider.ByModel = model => model == SpareModel
            ? new HttpResponseMessage(System.Net.HttpStatusCode.BadRequest) { Content = new StringContent("""{"error":{"code":"bad_request"}}""") }
            : FailingProvider.Busy(TimeSpan.FromMinutes(2));
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.That(world.Statuses.Single().Phase, Is.Not.EqualTo(Phases.Failed));

        world.Provider.ByModel = _ => FailingProvider.Completion();
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(10));
    }

    [TestCase("missing", null)]
    [TestCase(OutageWorld.Endpoint, "spec.fallbacks[0].name")]
    public async Task Fallback_IsMissingOrTheEndpointItself_IsPassedOverOrSaid(string name, string? said)
    {
        using var world = new OutageWorld(runs: 1);
        world.ChangeEndpoint(spec => spec with { Fallbacks = [new FallbackSpec { Name = name }] });
        world.Provider.Answer = _ => FailingProvider.Away();

        await world.PassUntilAsync(
            () => world.Statuses.Single().FindCondition(ConditionTypes.Running)?.Reason
                == (said is null ? Reasons.EndpointUnavailable : Reasons.InvalidModelEndpoint),
            TimeSpan.FromMinutes(2));

        Assert.That(world.Statuses.Single().FindCondition(ConditionTypes.Running)!.Message, Does.Contain(said ?? "cannot be reached"));
    }

    private static void AddSpare(OutageWorld world)
    {
        world.Endpoints.Put(new ModelEndpoint
        {
            Metadata = new k8s.Models.V1ObjectMeta { Name = Spare, NamespaceProperty = Runs.AgentRunBuilder.Namespace, Uid = "spare-uid", Generation = 1 },
            Spec = new ModelEndpointSpec { BaseUrl = "http://spare", MaxRetries = 0 },
        });
        world.ChangeEndpoint(spec => spec with { Fallbacks = [new FallbackSpec { Name = Spare, Model = SpareModel }] });
    }
}
