using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>A reply that is lost after its request took effect costs nothing and repeats nothing.</summary>
internal sealed class LostReplyTests
{
    /// <summary>The appends are the list of the tools, the intent and the result.</summary>
    [TestCase(Routes.Journal, 0)]
    [TestCase(Routes.Journal, 1)]
    [TestCase(Routes.Journal, 2)]
    [TestCase(Routes.Result, 0)]
    public async Task Append_ItsReplyIsLost_IsCommittedOnce(string route, int skip)
    {
        await using var harness = await StartAsync();
        harness.Gateway.Inject(new Fault(route, AfterCommit: true, Skip: skip));

        await AssertDoneAsync(harness);
    }

    [Test]
    public async Task Append_TheStoreIsBrieflyAway_IsTriedAgain()
    {
        await using var harness = await StartAsync();
        harness.Gateway.Inject(new Fault(Routes.Journal, Status: 503, Code: ErrorCodes.JournalUnavailable));
        harness.Gateway.Inject(new Fault(Routes.Journal));

        await AssertDoneAsync(harness);
    }

    /// <summary>The gateway counted calls that brought nothing while the runner waited. They change nothing for the conversation.</summary>
    [Test]
    public async Task Journal_HasUnusedModelCallsThatTheRunnerDoesNotKnow_AreReadAndPassedOver()
    {
        await using var harness = await StartAsync();
        var unused = new NewRecord(RecordKinds.ModelCallsUnused, JsonSerializer.SerializeToElement(
            new ModelCallsUnusedPayload(2, new TokenUsage(5, 6, 0)), ProtocolJson.Default.ModelCallsUnusedPayload));
        harness.Gateway.MangleReply = reply =>
        {
            harness.Journal.Force(unused);
            return reply;
        };

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        Assert.That((harness.Effects.Count, harness.Journal.Count(RecordKinds.ModelCallsUnused)), Is.EqualTo((1, 2)));
        Assert.That(harness.Journal.Finished!.Outcome, Is.EqualTo(RunOutcome.Succeeded));
    }

    [Test]
    public async Task ModelCall_ItsReplyIsLost_IsFoundByItsKey()
    {
        await using var harness = await StartAsync();
        harness.Gateway.Inject(new Fault(Routes.ChatCompletions, AfterCommit: true));

        await AssertDoneAsync(harness);
    }

    /// <summary>Or its answer is to the request as it was before a limit changed.</summary>
    [TestCase(409, ErrorCodes.SequenceConflict)]
    [TestCase(422, ErrorCodes.KeyReused)]
    public async Task ModelCall_ItsReplyIsLostAndTheHeadHasMoved_IsReadFromTheJournal(int status, string code)
    {
        await using var harness = await StartAsync();
        harness.Gateway.Inject(new Fault(Routes.ChatCompletions, AfterCommit: true, Status: status, Code: code));

        await AssertDoneAsync(harness);
    }

    [TestCase("{\"choices\":[{\"index\":0,\"mess")]
    [TestCase("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[]}")]
    [TestCase("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"an older gateway\"},\"finish_reason\":\"stop\"}]}")]
    [TestCase("{\"agent_answer\":{\"text\":5}}")]
    [TestCase("")]
    public async Task ModelCall_ItsReplyCannotBeUsed_IsReadFromTheJournal(string reply)
    {
        await using var harness = await StartAsync();
        harness.Gateway.MangleReply = _ => reply;

        await AssertDoneAsync(harness);
    }

    [Test]
    public async Task ModelCall_AnswersWithoutSayingWhereItIsCommitted_IsNotBelieved()
    {
        await using var harness = await StartAsync();
        harness.Patience = TimeSpan.FromMilliseconds(1);
        harness.Gateway.SaysSequence = false;

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.EndpointUnavailable), exit.Message);
        Assert.That(harness.Effects, Is.Empty);
    }

    [Test]
    public async Task Append_TheHeadHasMovedYetNothingIsThere_EndsTheAttempt([Values(0, 1, 2)] int skip)
    {
        await using var harness = await StartAsync();
        harness.Gateway.Inject(new Fault(Routes.Journal, Status: 409, Code: ErrorCodes.SequenceConflict, Skip: skip));

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Fenced, TerminationReasons.JournalConflict)));
    }

    [Test]
    public async Task Append_WasCommittedBehindAConflict_IsReadFromTheJournal([Values(0, 1, 2)] int skip)
    {
        await using var harness = await StartAsync();
        harness.Gateway.Inject(new Fault(Routes.Journal, AfterCommit: true, Status: 409, Code: ErrorCodes.SequenceConflict, Skip: skip));

        await AssertDoneAsync(harness);
    }

    [Test]
    public async Task Run_TheEpochIsNotBoundYet_WaitsForIt()
    {
        await using var harness = await StartAsync();
        harness.Gateway.Inject(new Fault($"GET {Routes.Run}", Status: 425, Code: ErrorCodes.EpochNotClaimed));
        harness.Gateway.Inject(new Fault($"GET {Routes.Run}", Status: 503));

        await AssertDoneAsync(harness);
    }

    [Test]
    public async Task Token_IsReplacedWhileThePodRuns_IsReadAgain()
    {
        await using var harness = await StartAsync();
        harness.Claim();
        var good = await File.ReadAllTextAsync(harness.TokenFile);
        await File.WriteAllTextAsync(harness.TokenFile, "expired");
        var attempt = harness.RunAttemptAsync(claim: false);
        await Eventually.HoldsAsync(() => harness.Gateway.Refused > 0, "a refusal of the expired token");
        await File.WriteAllTextAsync(harness.TokenFile, good);

        Assert.That((await attempt).Code, Is.EqualTo(RunnerExitCodes.Done));
    }

    private static Task<RunnerHarness> StartAsync() =>
        RunnerHarness.StartAsync(null, ModelStep.Shell(RunnerHarness.Effect("once")), ModelStep.Say("done"));

    private static async Task AssertDoneAsync(RunnerHarness harness)
    {
        var exit = await harness.RunAttemptAsync();
        Assert.Multiple(() =>
        {
            Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
            Assert.That(harness.Effects, Is.EqualTo(new[] { "once" }));
            Assert.That(harness.Gateway.Sampled, Has.Count.EqualTo(2));
            Assert.That(harness.Journal.Records.Select(record => record.Kind), Is.EqualTo(new[]
            {
                RecordKinds.RunStarted, RecordKinds.EpochClaimed, RecordKinds.ToolsListed, RecordKinds.ModelAnswer, RecordKinds.ToolIntent,
                RecordKinds.ToolResult, RecordKinds.ModelAnswer, RecordKinds.RunFinished,
            }));
        });
    }
}
