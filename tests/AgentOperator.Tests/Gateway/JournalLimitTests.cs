using System.Net;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

/// <summary>limits.maxJournalBytes.</summary>
[TestFixture]
internal sealed class JournalLimitTests
{
    private const int Limit = 1024 * 1024;
    private static readonly LimitsSpec Limits = new() { MaxJournalBytes = Limit };

    [Test]
    public async Task Append_JournalHasNoRoom_IsRefusedAndNamesTheLimitUntilItIsRaised()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]", Limits);
        var head = await FillAsync(world);

        using var refused = await AppendAsync(world, head.Sequence);
        var error = await ModelCallTests.AssertRefusedAsync(refused, HttpStatusCode.PaymentRequired, ErrorCodes.BudgetExhausted);

        Assert.That(head.Bytes, Is.InRange(Limit / 2, Limit));
        Assert.That(
            error.Detail,
            Is.EqualTo(
                $"the run's journal has {head.Bytes} of its {Limit} bytes (spec.limits.maxJournalBytes), and the next records do not fit"));
        world.Runs.Change(world.Run.Name, run =>
        {
            run.Spec = run.Spec with { Limits = run.Spec.Limits with { MaxJournalBytes = 2 * Limit } };
            return run;
        });
        using var raised = await AppendAsync(world, head.Sequence);
        Assert.That(raised.StatusCode, Is.EqualTo(HttpStatusCode.OK), "the cache does not know yet that it was raised");
    }

    /// <summary>The reply to the last append that fitted was lost.</summary>
    [Test]
    public async Task Append_IsRepeatedWhenTheJournalIsFull_GetsItsFirstAnswer()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]", Limits);
        var head = await FillAsync(world);

        using var again = await AppendAsync(world, head.Sequence - 1);

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await world.Journal.ReadHeadAsync(world.Run, default), Is.EqualTo(head));
    }

    [Test]
    public async Task Append_OfAStaleRunnerToAFullJournal_IsStale()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]", Limits);
        await FillAsync(world);
        await world.AttemptAsync(2);
        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;

        using var stale = await AppendAsync(world, head.Sequence);

        await ModelCallTests.AssertRefusedAsync(stale, HttpStatusCode.Gone, ErrorCodes.StaleEpoch);
    }

    [Test]
    public async Task FullJournal_NextAttemptAndTheRunsEnd_AreTaken()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]", Limits);
        await FillAsync(world);
        var token = await world.AttemptAsync(2);
        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;

        var end = new RunFinishedPayload
        {
            Outcome = RunOutcome.Failed, Reason = TerminationReasons.BudgetExhausted, Message = new string('m', 500_000),
        };
        using var finished = await world.PostAsync(token, Routes.Result, new ResultRequest(head.Sequence, end));

        Assert.That(finished.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await world.Journal.ReadHeadAsync(world.Run, default))!.Bytes, Is.GreaterThan(Limit));
    }

    [Test]
    public async Task Chat_JournalIsFull_IsRefusedWithoutACall()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]", Limits);
        var full = await world.Journal.AppendAsync(world.Run, new Writer(1, "pod-uid-1"), 2, [Result(Limit)], default);

        using var refused = await world.ChatAsync(world.Token, "step-1", full.Sequence);

        var error = await ModelCallTests.AssertRefusedAsync(refused, HttpStatusCode.PaymentRequired, ErrorCodes.BudgetExhausted);
        Assert.That(error.Detail, Does.Contain("spec.limits.maxJournalBytes"));
        Assert.That(world.Model.Log.List(), Is.Empty);
    }

    /// <summary>Appends until there is no room for one more record.</summary>
    private static async Task<JournalHead> FillAsync(GatewayWorld world)
    {
        for (var sequence = 2L; ; sequence++)
        {
            using var response = await AppendAsync(world, sequence);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (await world.Journal.ReadHeadAsync(world.Run, default))!;
            }
        }
    }

    private static Task<HttpResponseMessage> AppendAsync(GatewayWorld world, long sequence) =>
        world.PostAsync(world.Token, Routes.Journal, new AppendRequest(sequence, [Result(200_000)]));

    private static NewRecord Result(int length) => new(
        RecordKinds.ToolResult,
        JsonSerializer.SerializeToElement(
            new ToolOutcomePayload { Tool = "shell", Content = new string('x', length) }, ProtocolJson.Default.ToolOutcomePayload),
        "step-1",
        "call_1");
}
