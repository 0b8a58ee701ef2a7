using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>What no longer matches the journal stops the attempt and is named; it is never silently run again.</summary>
internal sealed class DivergenceTests
{
    [Test]
    public async Task Resume_TheInstructionsChanged_StopsAndNamesThem() =>
        await AssertDivergesAsync(run => run with { Instructions = "Be long." }, "instructions");

    [Test]
    public async Task Resume_TheTaskChanged_StopsAndNamesIt() => await AssertDivergesAsync(run => run with { Task = "Something else." }, "task");

    [Test]
    public async Task Resume_TheModelChanged_StopsAndNamesIt() =>
        await AssertDivergesAsync(run => run with { Model = new ModelParameters("other", 512) }, "model.name");

    [Test]
    public async Task Resume_TheParametersChanged_StopsAndNamesThem() =>
        await AssertDivergesAsync(run => run with { Model = run.Model with { MaxOutputTokens = null } }, "model.maxOutputTokens");

    [Test]
    public async Task Resume_LimitsWereRaised_GoesOn()
    {
        await using var harness = await InterruptedAsync();
        harness.Gateway.Run = harness.Gateway.Run with { Limits = new RunLimits(500, 1000000, 600, 32 * 1024, 2 * 1024 * 1024) };

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
    }

    [TestCase(RecordKinds.ModelAnswer, 3, "schema version", TerminationReasons.NewerRecord)]
    [TestCase("SomethingNew", 3, "schema version", TerminationReasons.NewerRecord)]
    [TestCase(RecordKinds.ModelAnswer, 0, "schema version", TerminationReasons.JournalBroken)]
    [TestCase("SomethingNew", 1, "SomethingNew", TerminationReasons.JournalBroken)]
    public async Task Resume_ARecordIsNotUnderstood_Stops(string kind, int schemaVersion, string expected, string reason)
    {
        await using var harness = await InterruptedAsync();
        harness.Journal.Force(new NewRecord(kind, JsonElement.Parse("{}")), schemaVersion);

        var exit = await harness.RunAttemptAsync();

        AssertStopped(harness, exit, expected);
        Assert.That(exit.Reason, Is.EqualTo(reason));
    }

    /// <summary>The operator ends the run for this reason. Another attempt would read the same.</summary>
    [TestCase(RecordKinds.ModelAnswer, """{"model":"m","finishReason":"stop","toolCalls":[null]}""", "payload.toolCalls[0] must be an object")]
    [TestCase(RecordKinds.ToolsLeftOut, """{"tools":null}""", "payload.tools must be a list")]
    [TestCase(RecordKinds.RunFinished, """{"outcome":"Succeeded"}""", "payload.reason is missing")]
    public async Task Resume_ARecordIsMalformed_StopsAsJournalBroken(string kind, string payload, string expected)
    {
        await using var harness = await InterruptedAsync();
        harness.Journal.Force(new NewRecord(kind, JsonElement.Parse(payload)));

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Fenced, TerminationReasons.JournalBroken)));
        Assert.That(exit.Message, Does.Contain("record 7").And.Contain(expected));
        Assert.That(harness.Gateway.Sampled, Has.Count.EqualTo(1), "nothing is asked again");
    }

    [Test]
    public async Task Resume_AResultAnswersNoCall_Stops()
    {
        await using var harness = await InterruptedAsync();
        harness.Journal.Force(new NewRecord(RecordKinds.ToolResult, JsonElement.Parse("""{"tool":"shell","content":""}"""), "key", "call_9"));

        var exit = await harness.RunAttemptAsync();

        AssertStopped(harness, exit, "call_9");
    }

    [Test]
    public async Task Resume_AnAnswerOfAnotherConversation_Stops()
    {
        await using var harness = await InterruptedAsync();
        harness.Journal.Force(
            new NewRecord(RecordKinds.ModelAnswer, JsonElement.Parse("""{"model":"m","toolCalls":[],"finishReason":"stop","usage":{}}"""), new string('0', 64)));

        var exit = await harness.RunAttemptAsync();

        AssertStopped(harness, exit, "record 7");
    }

    private static async Task AssertDivergesAsync(Func<RunDescription, RunDescription> change, string expected)
    {
        await using var harness = await InterruptedAsync();
        harness.Gateway.Run = change(harness.Gateway.Run);

        var exit = await harness.RunAttemptAsync();

        AssertStopped(harness, exit, expected);
        Assert.That(exit.Reason, Is.EqualTo("Diverged"));
        Assert.That(exit.Message, Does.Not.Contain("Be brief").And.Not.Contain("Be long"), "prompts do not belong in messages");
    }

    private static void AssertStopped(RunnerHarness harness, RunnerExit exit, string expected) => Assert.Multiple(() =>
    {
        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Fenced), exit.Message);
        Assert.That(exit.Message, Does.Contain(expected));
        Assert.That(harness.Gateway.Sampled, Has.Count.EqualTo(1), "nothing is asked again");
        Assert.That(harness.Journal.Finished, Is.Null);
    });

    /// <summary>A run whose first tool call is answered and whose second model call never was: records 1 to 6.</summary>
    private static async Task<RunnerHarness> InterruptedAsync()
    {
        var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell("true"), ModelStep.Say("done"));
        await harness.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt: 6));
        Assert.That(harness.Journal.Head, Is.EqualTo(6));
        return harness;
    }
}
