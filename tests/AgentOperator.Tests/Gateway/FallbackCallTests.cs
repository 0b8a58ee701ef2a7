using System.Net;
using AgentOperator.Api;
using AgentOperator.Protocol;
using k8s.Models;

namespace AgentOperator.Tests.Gateway;

/// <summary>A call goes to the fallbacks only when it says something about the endpoint, and is answered, paid and recorded once.</summary>
[TestFixture]
internal sealed class FallbackCallTests
{
    private const string Spare = "spare";
    private const string SpareModel = "spare-model";
    private const string TwoAnswers = "steps: [{text: one}, {text: two}]";

    [TestCase("drop: true", 1)]
    [TestCase("truncated: true", 1)]
    [TestCase("status: 500", 0)]
    [TestCase("status: 401", 0)]
    [TestCase("status: 404", 0)]
    public async Task Chat_OwnEndpointIsAway_FallbackAnswersOnceAndTheRecordSaysWho(string fault, long unused)
    {
        await using var world = await StartAsync(fault);

        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        using var again = await world.ChatAsync(world.Token, "step-1", 2);

        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        var answer = (await world.Journal.ReadAsync(world.Run, 2, 100_000, default)).Records.Single(record => record.Kind == RecordKinds.ModelAnswer);
        Assert.Multiple(() =>
        {
            Assert.That((response.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
            Assert.That((head.Steps, head.UnusedModelCalls), Is.EqualTo((1, unused)));
            Assert.That(answer.Payload.GetProperty("endpoint").GetString(), Is.EqualTo(Spare));
            Assert.That(answer.Payload.GetProperty("model").GetString(), Is.EqualTo(SpareModel));
            Assert.That(answer.StepKey, Is.EqualTo("step-1"));
            Assert.That(ModelsCalled(world), Is.EqualTo(new[] { "test-model", SpareModel }));
            Assert.That(world.Model.Log.List().Select(call => call.IdempotencyKey), Is.Unique);
        });
        Assert.That(await again.Content.ReadAsByteArrayAsync(), Is.EqualTo(await response.Content.ReadAsByteArrayAsync()));
    }

    [TestCase("status: 400, code: context_length_exceeded", HttpStatusCode.RequestEntityTooLarge, ErrorCodes.ContextTooLong)]
    [TestCase("status: 400, code: bad_request", HttpStatusCode.UnprocessableEntity, ErrorCodes.ModelRejected)]
    public async Task Chat_RequestIsAtFault_NoFallbackIsCalled(string fault, HttpStatusCode status, string code)
    {
        await using var world = await StartAsync(fault);

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        await ModelCallTests.AssertRefusedAsync(response, status, code);
        Assert.That(ModelsCalled(world), Is.EqualTo(new[] { "test-model" }));
    }

    [Test]
    public async Task Chat_EndpointsNameEachOther_EachIsCalledOnceAndTheOwnSentenceIsTold()
    {
        await using var world = await StartAsync("status: 401");
        world.Model.PutScenario(SpareModel, "steps: [{text: one, faults: [{status: 503, times: 99}]}]");
        world.Endpoints.Change(Spare, endpoint =>
        {
            endpoint.Spec = endpoint.Spec with { Fallbacks = [new FallbackSpec { Name = "provider" }] };
            return endpoint;
        });
        await world.SyncAsync<ModelEndpoint>();

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.ServiceUnavailable, ErrorCodes.ModelUnavailable);
        Assert.That(error.Detail, Does.Contain("401"));
        Assert.That(error.RetryAfterSeconds, Is.LessThanOrEqualTo(5), "the fallback's time");
        Assert.That(ModelsCalled(world), Is.EqualTo(new[] { "test-model", SpareModel }));
    }

    [Test]
    public async Task Chat_FallbackIsMissing_TheNextAnswersAndAWellEndpointNeedsNone()
    {
        await using var world = await StartAsync("status: 503", "missing", Spare);

        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        await world.ChangeEndpointAsync(spec => spec with { Fallbacks = [new FallbackSpec { Name = "missing" }] });
        world.Model.PutScenario("test-model", TwoAnswers);
        using var next = await world.ChatAsync(world.Token, "step-2", 3, GatewayWorld.Body("test-model", answersBefore: 1));

        Assert.That((response.StatusCode, next.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(ModelsCalled(world), Is.EqualTo(new[] { "test-model", SpareModel, "test-model" }));
    }

    private static async Task<GatewayWorld> StartAsync(string fault, params string[] fallbacks)
    {
        var world = await GatewayWorld.StartAsync($"steps: [{{text: one, faults: [{{{fault}, times: 99}}]}}]");
        world.Model.PutScenario(SpareModel, TwoAnswers);
        world.Endpoints.Put(new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = Spare, NamespaceProperty = world.Run.Namespace },
            Spec = world.Endpoints["provider"].Spec with { MaxRetries = 0 },
        });
        await world.ChangeEndpointAsync(spec => spec with
        {
            MaxRetries = 0,
            Fallbacks = [.. fallbacks.DefaultIfEmpty(Spare).Select(name => new FallbackSpec { Name = name, Model = SpareModel })],
        });
        return world;
    }

    private static IEnumerable<string?> ModelsCalled(GatewayWorld world) => world.Model.Log.List().Select(call => call.Scenario);
}
