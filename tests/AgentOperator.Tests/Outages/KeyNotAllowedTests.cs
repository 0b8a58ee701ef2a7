using AgentOperator.Api;
using AgentOperator.Tests.Runs;
using k8s.Models;

namespace AgentOperator.Tests.Outages;

/// <summary>I16: a Secret that a ModelEndpoint may not use is not sent. Runs wait, say what to do, and go on when it is done.</summary>
[TestFixture]
internal sealed class KeyNotAllowedTests
{
    private const string Opaque = "Opaque";
    private const string Mark = $"annotate secret {OutageWorld.Secret} {Annotations.EndpointHost}=model\"";

    [Test]
    public async Task Waiting_SecretIsMarked_GoesOnWithinSeconds([Values] bool isHeader)
    {
        using var world = new OutageWorld(runs: 3);
        world.ChangeKey("key", Opaque);
        if (isHeader)
        {
            world.ChangeEndpoint(spec => spec with
            {
                ApiKeySecretRef = null, Headers = [new HeaderSpec { Name = "api-key", SecretKeyRef = spec.ApiKeySecretRef }],
            });
        }

        await world.PassAsync(TimeSpan.FromMinutes(10));
        AssertAllWaitAndNothingWasSent(world, Mark);

        world.ChangeKey("key", Opaque, hosts: "model");
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(30));
        Assert.That(world.Statuses.Select(status => status.Failures ?? 0), Has.All.Zero);
    }

    /// <summary>Both replicas remember the Secret as it was then.</summary>
    [Test]
    public async Task Waiting_SecretIsMarkedAtOnce_ReplicasDoNotGoByWhatTheyRemember()
    {
        using var world = new OutageWorld(runs: 4);
        world.ChangeKey("key", Opaque);
        await world.PassUntilAsync(() => world.Available?.Reason == Reasons.KeyNotAllowed, TimeSpan.FromSeconds(10));

        world.ChangeKey("key", Opaque, hosts: "model");
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Waiting_PlainHttpIsAllowed_GoesOnAtOnce()
    {
        using var world = new OutageWorld(runs: 3);
        world.ChangeEndpoint(spec => spec with { BaseUrl = "http://model" });
        await world.PassAsync(TimeSpan.FromMinutes(10));
        AssertAllWaitAndNothingWasSent(world, "spec.allowPlainHttp");

        world.ChangeEndpoint(spec => spec with { AllowPlainHttp = true });
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Waiting_EndpointIsChangedToAHostThatTheSecretNames_GoesOnAtOnce()
    {
        using var world = new OutageWorld(runs: 3);
        world.ChangeKey("key", Opaque, hosts: "other");
        await world.PassAsync(TimeSpan.FromMinutes(10));
        AssertAllWaitAndNothingWasSent(world, $"{Annotations.EndpointHost}=HOSTS,model");

        world.ChangeEndpoint(spec => spec with { BaseUrl = "https://other" });
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(10));
    }

    /// <summary>Secrets are remembered for half a minute.</summary>
    [Test]
    public async Task Secret_LosesItsMark_IsRefusedWhenItIsReadAgain()
    {
        using var world = new OutageWorld(runs: 2);
        Suspend(world, "run-02", isSuspended: true);
        await world.PassUntilAsync(() => world.Runs["run-01"].Status?.Phase == Phases.Succeeded, TimeSpan.FromSeconds(30));
        world.ChangeKey("key", Opaque);
        await world.PassAsync(TimeSpan.FromSeconds(31));
        var sent = world.Provider.Calls.Count;

        Suspend(world, "run-02", isSuspended: false);
        await world.PassAsync(TimeSpan.FromMinutes(2));

        Assert.That((world.Available.Reason, world.Provider.Calls.Count), Is.EqualTo((Reasons.KeyNotAllowed, sent)));
    }

    [Test]
    public async Task Fallback_SecretDoesNotNameItsHost_IsSentNothing()
    {
        const string spare = "spare";
        using var world = new OutageWorld(runs: 2);
        world.ChangeKey("key", Opaque, hosts: "model");
        world.Endpoints.Put(new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = spare, NamespaceProperty = AgentRunBuilder.Namespace, Uid = "spare-uid", Generation = 1 },
            Spec = world.Endpoints[OutageWorld.Endpoint].Spec with { BaseUrl = "https://spare" },
        });
        world.ChangeEndpoint(spec => spec with { Fallbacks = [new FallbackSpec { Name = spare, Model = spare }] });
        var isSent = false;
        world.Provider.ByModel = model =>
        {
            isSent |= model == spare;
            return FailingProvider.Busy(TimeSpan.FromHours(1));
        };

        await world.PassAsync(TimeSpan.FromMinutes(10));

        Assert.That(isSent, Is.False);
        Assert.That(world.Statuses.Select(status => status.Failures ?? 0), Has.All.Zero);
        Assert.That(world.Endpoints[spare].Status!.FindCondition(ConditionTypes.Available)!.Reason, Is.EqualTo(Reasons.KeyNotAllowed));
    }

    private static void Suspend(OutageWorld world, string name, bool isSuspended) => world.Runs.Change(name, run =>
    {
        run.Spec = run.Spec with { Suspend = isSuspended };
        run.Metadata.Generation = (run.Metadata.Generation ?? 1) + 1;
        return run;
    });

    private static void AssertAllWaitAndNothingWasSent(OutageWorld world, string sentence)
    {
        var waiting = world.Statuses.Where(status => status.Phase == Phases.Waiting).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(world.Provider.Calls, Is.Empty);
            Assert.That(waiting, Has.Count.EqualTo(world.Statuses.Count - world.AtWork));
            Assert.That(world.Statuses.Select(status => status.Failures ?? 0), Has.All.Zero);
            Assert.That(waiting.Select(status => status.FindCondition(ConditionTypes.Running)!.Reason), Has.All.EqualTo(Reasons.KeyNotAllowed));
            Assert.That(waiting.Select(status => status.WaitingFor), Has.All.Contains(sentence));
            Assert.That(world.Available, Has.Property(nameof(Condition.Reason)).EqualTo(Reasons.KeyNotAllowed));
            Assert.That(world.Available.Message, Does.Contain(sentence));
        });
    }
}
