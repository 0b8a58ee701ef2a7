using AgentOperator.Api;

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

    [Test]
    public async Task Fallback_SlipsOnce_AttemptGoesOn()
    {
        using var world = new OutageWorld(runs: 1);
        AddSpare(world);
        var spareCalls = 0;
        world.Provider.ByModel = model =>
            model != SpareModel ? FailingProvider.Busy(TimeSpan.FromHours(5))
            : spareCalls++ == 0 ? FailingProvider.Away()
            : FailingProvider.Completion();

        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(1));

        Assert.That(world.Statuses.Single().Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fallback_Answers_OtherRunsStartAndOwnEndpointIsProbedWhenItsTimeHasCome()
    {
        using var world = new OutageWorld(runs: 3);
        AddSpare(world);
        var called = new List<string>();
        world.Provider.ByModel = model =>
        {
            called.Add(model);
            return model == SpareModel ? FailingProvider.Completion() : FailingProvider.Busy(TimeSpan.FromMinutes(3));
        };
        Suspend(world, "run-02", isSuspended: true);
        Suspend(world, "run-03", isSuspended: true);
        await world.PassUntilAsync(() => world.Runs["run-01"].Status?.Phase == Phases.Succeeded, TimeSpan.FromMinutes(1));
        Suspend(world, "run-02", isSuspended: false);
        await world.PassUntilAsync(() => world.Runs["run-02"].Status?.Phase == Phases.Succeeded, TimeSpan.FromMinutes(1));
        Assert.That(world.Available.Status, Is.EqualTo("False"));

        await world.PassAsync(TimeSpan.FromMinutes(3));
        world.Provider.ByModel = model =>
        {
            called.Add(model);
            return FailingProvider.Completion();
        };

        Suspend(world, "run-03", isSuspended: false);
        await world.PassUntilAsync(() => world.Runs["run-03"].Status?.Phase == Phases.Succeeded, TimeSpan.FromMinutes(1));

        Assert.That(called, Is.EqualTo(new[] { "gpt-x", SpareModel, SpareModel, "gpt-x" }));
        Assert.That(world.Available.Status, Is.EqualTo("True"));
    }

    [TestCase("missing", Reasons.EndpointUnavailable, "Unusable fallback: ModelEndpoint 'missing' not found in namespace")]
    [TestCase(OutageWorld.Endpoint, Reasons.InvalidModelEndpoint, "spec.fallbacks[0].name: must be another ModelEndpoint")]
    public async Task Fallback_IsMissingOrTheEndpointItself_IsSaid(string name, string reason, string sentence)
    {
        using var world = new OutageWorld(runs: 1);
        world.ChangeEndpoint(spec => spec with { Fallbacks = [new FallbackSpec { Name = name }] });
        world.Provider.Answer = _ => FailingProvider.Away();

        await world.PassUntilAsync(
            () => world.Statuses.Single() is { Phase: Phases.Waiting or Phases.Pending } status
                && status.FindCondition(ConditionTypes.Running)?.Reason == reason,
            TimeSpan.FromMinutes(2));

        Assert.That(world.Statuses.Single().FindCondition(ConditionTypes.Running)!.Message, Does.Contain(sentence));
    }

    private static void Suspend(OutageWorld world, string name, bool isSuspended) => world.Runs.Change(name, run =>
    {
        run.Spec = run.Spec with { Suspend = isSuspended };
        run.Metadata.Generation = (run.Metadata.Generation ?? 1) + 1;
        return run;
    });

    private static void AddSpare(OutageWorld world)
    {
        world.Endpoints.Put(new ModelEndpoint
        {
            Metadata = new k8s.Models.V1ObjectMeta
            {
                Name = Spare, NamespaceProperty = Runs.AgentRunBuilder.Namespace, Uid = "spare-uid", Generation = 1,
            },
            Spec = new ModelEndpointSpec { BaseUrl = "http://spare", MaxRetries = 0 },
        });
        world.ChangeEndpoint(spec => spec with { Fallbacks = [new FallbackSpec { Name = Spare, Model = SpareModel }] });
    }
}
