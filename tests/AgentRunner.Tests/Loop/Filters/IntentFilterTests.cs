using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;
using AgentRunner.Loop;
using AgentRunner.Loop.Filters;
using AgentRunner.Tests.Fakes;
using AgentTools;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentRunner.Tests.Loop.Filters;

internal sealed class IntentFilterTests
{
    private static readonly ToolOutcome Done = new(ToolEnd.Succeeded, "done");

    private StopSignal _stop = null!;

    [SetUp]
    public void CreateStop() => _stop = new StopSignal(TimeSpan.FromSeconds(30), TimeProvider.System);

    [TearDown]
    public void DisposeStop() => _stop.Dispose();

    [Test]
    public async Task Call_WithAnIntentToCommit_StartsWhenTheIntentIsCommitted()
    {
        var call = new FilteredCall(ToolEffect.Irreversible, commitIntent: true);
        var kinds = new List<(string Kind, bool Started)>();

        await call.RunAsync(Done, Filter(call, request => kinds.Add((request.Records.Single().Kind, call.Given is not null))));

        Assert.That(kinds, Is.EqualTo(new[] { (RecordKinds.ToolIntent, false) }));
        Assert.That(
            (call.Given is not null, call.Action.Call.Intent?.Effect, call.Conversation.Head), Is.EqualTo((true, ToolEffect.Irreversible, 2)));
    }

    [Test]
    public async Task Call_WithoutAnIntentToCommit_StartsAtOnce()
    {
        var call = new FilteredCall(ToolEffect.Pure, commitIntent: false);

        await call.RunAsync(Done, Filter(call, _ => Assert.Fail("nothing is to be committed")));

        Assert.That((call.Given is not null, call.Action.Call.Intent), Is.EqualTo((true, (ToolIntentPayload?)null)));
    }

    [Test]
    public async Task Call_WhoseIntentIsRefused_DoesNotStartAndIsNoFailureOfTheTool()
    {
        var call = new FilteredCall(ToolEffect.Irreversible, commitIntent: true);
        var refusal = new GatewayException(new ProtocolError { Status = 409, Code = ErrorCodes.StaleEpoch, Detail = "over" });
        var filters = ToolFilters.InOrder(
            Journal(call, _ => throw refusal), _stop, TimeProvider.System, NullLoggerFactory.Instance);

        var thrown = await Assert.ThrowsAsync<GatewayException>(() => call.RunAsync(Done, [.. filters]));

        Assert.That(thrown, Is.SameAs(refusal));
        Assert.That(call.Given, Is.Null);
    }

    [Test]
    public async Task Call_GivenUpDuringTheCommit_DoesNotStart()
    {
        var call = new FilteredCall(ToolEffect.Irreversible, commitIntent: true);
        using var step = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => call.RunAsync(
            _ => Task.FromResult(Done), step.Token, Filter(call, _ => step.Cancel())));

        Assert.That((call.Given, call.Conversation.Head), Is.EqualTo(((ToolInvocation?)null, 2)));
    }

    private static JournalWriter Journal(FilteredCall call, Action<AppendRequest> onAppend) =>
        new(new AppendingGateway(onAppend), call.Conversation, new Replay(call.Conversation));

    private IntentFilter Filter(FilteredCall call, Action<AppendRequest> onAppend) => new(Journal(call, onAppend), _stop);
}
