using System.Diagnostics.Metrics;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;
using AgentOperator.Tests.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Tests.Gateway.Limits;

/// <summary>What becomes of a pipeline when its ModelEndpoint changes or goes, and what Polly tells of it.</summary>
[TestFixture]
internal sealed class EndpointPipelinesTests
{
    private static readonly ModelEndpointSpec OnePerMinute = LimitWorld.Spec with
    {
        RequestsPerMinute = 1, TokensPerMinute = 1000, Headers = [new HeaderSpec { Name = "x-team", Value = "a" }],
    };

    [Test]
    public async Task Get_SpecIsEqual_TheLimitsAreTheSame()
    {
        using var world = new LimitWorld(OnePerMinute);
        await world.AnswerAsync();
        world.Endpoint.Spec = OnePerMinute with { Headers = [.. OnePerMinute.Headers] };
        _ = world.CallAsync();
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Update_LimitIsLifted_CallsThatWaitGoOnInOrder()
    {
        using var world = new LimitWorld(OnePerMinute);
        await world.AnswerAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => world.CallAsync()).ToList();
        world.Endpoint.Spec = LimitWorld.Spec;
        world.Pipelines.Update(world.Endpoint);
        Assert.That(await Task.WhenAll(waiting).WaitAsync(LimitWorld.Patience), Is.All.EqualTo(ProviderStub.Answer));
    }

    [Test]
    public async Task Update_LimitIsAnother_CallsThatWaitDoSoUnderIt()
    {
        using var world = new LimitWorld(OnePerMinute);
        await world.AnswerAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => world.CallAsync()).ToList();
        world.Endpoint.Spec = OnePerMinute with { RequestsPerMinute = 3 };
        world.Pipelines.Update(world.Endpoint);
        await Task.WhenAll(waiting.Take(3)).WaitAsync(LimitWorld.Patience);
        await PassAsync(world, 60);
        Assert.That(waiting.Skip(3).Select(call => call.IsCompleted), Is.All.False);
        await PassAsync(world, 1);
        Assert.That(await world.PassUntilAsync(Task.WhenAll(waiting)), Is.All.EqualTo(ProviderStub.Answer));
    }

    [TestCase(1, null)]
    [TestCase(null, 1)]
    public async Task Update_WhileOneCallIsUnderWay_ItEndsAndThoseBehindItGoOn(int? requestsPerMinute, int? maxConcurrentRequests)
    {
        using var world = new LimitWorld(
            LimitWorld.Spec with { RequestsPerMinute = requestsPerMinute, MaxConcurrentRequests = maxConcurrentRequests, TimeoutSeconds = 3600 });
        var answer = world.Provider.Hangs();
        world.Provider.Gives(ProviderStub.Answer);
        var underWay = world.CallAsync();
        var behind = world.CallAsync();
        world.Endpoint.Spec = LimitWorld.Spec;
        world.Pipelines.Update(world.Endpoint);
        Assert.That(await behind.WaitAsync(LimitWorld.Patience), Is.EqualTo(ProviderStub.Answer));
        Assert.That(underWay.IsCompleted, Is.False);
        answer.SetResult(ProviderStub.Answer);
        Assert.That(await world.PassUntilAsync(underWay), Is.EqualTo(ProviderStub.Answer));
        Assert.That(world.Time.Count, Is.Zero, "nothing of the old limits is left");
    }

    [Test]
    public async Task Update_WhileACallWaitsForItsRetry_ItGoesOnUnderTheNewLimits()
    {
        using var world = new LimitWorld(OnePerMinute with { MaxRetries = 1, RequestsPerMinute = 10 });
        world.Provider.Gives(new ProviderOutcome.Unavailable("busy"), ProviderStub.Answer);
        var call = world.CallAsync();
        world.Endpoint.Spec = LimitWorld.Spec;
        world.Pipelines.Update(world.Endpoint);
        Assert.That(await world.PassUntilAsync(call), Is.EqualTo(ProviderStub.Answer));
    }

    [Test]
    public async Task EndpointIsDeleted_ItsPipelineIsForgottenAndDisposed()
    {
        using var world = new LimitWorld(OnePerMinute);
        using var connection = new FakeConnection(new FakeKubernetes());
        var endpoints = new FakeObjects<ModelEndpoint>(connection);
        endpoints.Put(world.Endpoint);
        await using var services = OperatorServices.Operator(connection, TimeProvider.System);
        await services.SyncAsync<ModelEndpoint>();
        using var changes = new EndpointChanges(
            services.GetRequiredService<IInformer<ModelEndpoint>>(), world.Pipelines, services.GetRequiredService<ProviderTransport>(),
            services.GetRequiredService<EndpointHealth>());
        await changes.StartAsync(default);
        await world.AnswerAsync();
        Assert.That((world.Pipelines.Count, world.Time.Count), Is.EqualTo((1, 2)));

        endpoints.Remove(world.Endpoint.Metadata.Name);
        await services.SyncAsync<ModelEndpoint>();
        await PassAsync(world, 1);
        Assert.That((world.Pipelines.Count, world.Time.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task EndpointIsDeleted_CallUnderWay_Ends()
    {
        using var world = new LimitWorld(OnePerMinute);
        var answer = world.Provider.Hangs();
        var underWay = world.CallAsync();
        world.Pipelines.Forget(_ => false);
        answer.SetResult(ProviderStub.Answer);
        Assert.That(await world.PassUntilAsync(underWay), Is.EqualTo(ProviderStub.Answer));
    }

    [Test]
    public async Task EndpointIsDeleted_CallsThatWait_AreRefusedAndNotMade()
    {
        using var world = new LimitWorld(OnePerMinute);
        await world.AnswerAsync();
        var waiting = world.CallAsync();
        world.Pipelines.Forget(_ => false);
        var outcome = await waiting.WaitAsync(LimitWorld.Patience);
        Assert.That((outcome as ProviderOutcome.Unavailable)?.Reason, Is.EqualTo("ModelEndpoint 'provider' was deleted."));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AnotherEndpointIsDeleted_ThePipelineStays()
    {
        using var world = new LimitWorld(OnePerMinute);
        await world.AnswerAsync();
        world.Pipelines.Forget(key => key == ObjectKey.Of(world.Endpoint));
        _ = world.CallAsync();
        Assert.That((world.Pipelines.Count, world.Provider.Calls.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Telemetry_NamesTheEndpoint_AndIsOnPollysMeter()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxRetries = 1 });
        var tags = new List<Dictionary<string, object?>>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == EndpointPipelines.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, _, given, _) => tags.Add(given.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
        listener.Start();
        world.Provider.Gives(new ProviderOutcome.Unavailable("the reason is free text"), ProviderStub.Answer);
        await world.PassUntilAsync(world.CallAsync());
        var retry = tags.First(tag => Equals(tag["event.name"], "OnRetry"));
        Assert.That(
            (retry["pipeline.name"], retry["pipeline.instance"], retry["strategy.name"]),
            Is.EqualTo(("provider", AgentRunBuilder.Namespace, "Retry")));
        Assert.That(tags.SelectMany(given => given.Values).Select(value => $"{value}"), Has.None.Contains("free text"));
    }

    /// <summary>I7: Polly logs a call's outcome, and never the model's answer.</summary>
    [Test]
    public async Task Telemetry_LogsHoldNoAnswer()
    {
        using var log = new RecordingLogger();
        using var world = new LimitWorld(LimitWorld.Spec with { MaxRetries = 1 }, log);
        world.Provider.Gives(new ProviderOutcome.Unavailable("busy"), ProviderStub.Answer);
        await world.PassUntilAsync(world.CallAsync());
        Assert.That(log.Messages, Has.Some.Contains("Answered").And.Some.Contains("OnRetry"));
        Assert.That(log.Messages, Has.None.Contains("confidential"));
    }

    /// <summary>Moves the clock in steps of a second, and lets continuations run in between.</summary>
    private static async Task PassAsync(LimitWorld world, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            world.Advance(1);
            await Task.Yield();
        }
    }
}
