using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>An attempt may be killed at any request: what follows is as if nothing had happened.</summary>
internal sealed class ResumeTests
{
    [Test]
    public async Task KeyedTools_KilledAtEveryRequest_RepeatNothingAndSendTheSameBytes()
    {
        var (requests, bodies) = await UninterruptedAsync();
        Assert.That(requests, Is.GreaterThan(11));
        for (var crashAt = 1; crashAt <= requests; crashAt++)
        {
            foreach (var afterAnswer in (bool[])[false, true])
            {
                await using var harness = await StartAsync(ToolEffect.Keyed, RunnerHarness.KeyedEffect);
                var first = await CrashAsync(harness, crashAt, afterAnswer);
                var second = await harness.RunAttemptAsync();

                var where = $"killed {(afterAnswer ? "after" : "before")} request {crashAt}";
                Assert.That(first.Code, Is.EqualTo(RunnerExitCodes.InternalError), where);
                Assert.That(second.Code, Is.EqualTo(RunnerExitCodes.Done), $"{where}: {second.Message}");
                AssertSame(harness, bodies, where);
            }
        }
    }

    [Test]
    public async Task OlderGateway_ItsDescriptionHasNoJournal_GoesOnAllTheSame()
    {
        var (_, bodies) = await UninterruptedAsync();
        await using var harness = await StartAsync(ToolEffect.Keyed, RunnerHarness.KeyedEffect);
        harness.Gateway.SaysJournal = false;
        await CrashAsync(harness, crashAt: 8, afterAnswer: true);
        var second = await harness.RunAttemptAsync();

        Assert.That(second.Code, Is.EqualTo(RunnerExitCodes.Done), second.Message);
        AssertSame(harness, bodies, "an older gateway");
    }

    [Test]
    public async Task KeyedTools_KilledOverAndOver_EndAsIfNothingHadHappened([Range(1, 8)] int seed)
    {
        var (_, bodies) = await UninterruptedAsync();
        var random = new Random(seed);
        await using var harness = await StartAsync(ToolEffect.Keyed, RunnerHarness.KeyedEffect);
        var attempts = 0;
        while (harness.Journal.Finished is null)
        {
            Assert.That(++attempts, Is.LessThan(100));
            await CrashAsync(harness, random.Next(2, 7), random.Next(2) == 0);
        }

        AssertSame(harness, bodies, $"seed {seed}, {attempts} attempts");
    }

    [Test]
    public async Task IrreversibleTools_KilledAtEveryRequest_StartOnceAtMost()
    {
        var (requests, bodies) = await UninterruptedAsync();
        var unknown = 0;
        for (var crashAt = 2; crashAt <= requests; crashAt++)
        {
            foreach (var afterAnswer in (bool[])[false, true])
            {
                await using var harness = await StartAsync(ToolEffect.Irreversible, RunnerHarness.Effect);
                await CrashAsync(harness, crashAt, afterAnswer);
                var second = await harness.RunAttemptAsync();

                var where = $"killed {(afterAnswer ? "after" : "before")} request {crashAt}";
                Assert.Multiple(() =>
                {
                    Assert.That(second.Code, Is.EqualTo(RunnerExitCodes.Done), $"{where}: {second.Message}");
                    Assert.That(harness.Effects, Is.Unique, where);
                    Assert.That(harness.Gateway.Sampled.Select(request => request.Step), Is.EqualTo(Enumerable.Range(0, bodies.Count)), where);
                    Assert.That(harness.Journal.Count(RecordKinds.ToolUnknown), Is.LessThanOrEqualTo(1), where);
                });
                unknown += harness.Journal.Count(RecordKinds.ToolUnknown);
            }
        }

        // Of each of the three shell calls: the intent committed and the tool not started, and the tool ended and its result not committed.
        Assert.That(unknown, Is.EqualTo(6));
    }

    [Test]
    public async Task IrreversibleTool_InFlightWhenThePodWasLost_IsReportedAsUnknownAndNotRepeated()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell(RunnerHarness.Effect("payment")), ModelStep.Say("checked"));
        await CrashAsync(harness, 5, afterAnswer: false);
        Assert.That(harness.Journal.Records[^1].Kind, Is.EqualTo(RecordKinds.ToolIntent));

        var exit = await harness.RunAttemptAsync();

        Assert.Multiple(() =>
        {
            Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done));
            Assert.That(harness.Effects, Is.EqualTo(new[] { "payment" }));
            Assert.That(
                harness.Journal.Outcomes(RecordKinds.ToolUnknown).Single().Content, Does.Contain("was in flight").And.Contain("not repeated"));
            Assert.That(harness.Gateway.Sampled[^1].Body, Does.Contain("was in flight"));
        });
    }

    [Test]
    public async Task KeyedTool_InFlightWhenThePodWasLost_RunsAgainWithTheSameKey()
    {
        await using var harness = await RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Keyed), ModelStep.Shell("echo $IDEMPOTENCY_KEY >> $LEDGER"), ModelStep.Say("done"));
        await CrashAsync(harness, 5, afterAnswer: false);

        await harness.RunAttemptAsync();

        Assert.That(harness.Effects, Has.Count.EqualTo(2));
        Assert.That(harness.Effects.Distinct().Single(), Has.Length.EqualTo(64));
    }

    [Test]
    public async Task PureTool_InFlightWhenThePodWasLost_RunsAgainWithoutAnIntent()
    {
        await using var harness = await RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Pure), ModelStep.Shell(RunnerHarness.Effect("look")), ModelStep.Say("done"));
        await CrashAsync(harness, 4, afterAnswer: false);

        await harness.RunAttemptAsync();

        Assert.That(harness.Effects, Is.EqualTo(new[] { "look", "look" }));
        Assert.That(harness.Journal.Count(RecordKinds.ToolIntent), Is.Zero);
    }

    [Test]
    public async Task Attempt_AfterTheEndIsCommitted_LeavesWithoutDoingAnything()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("done"));
        await harness.RunAttemptAsync();

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done));
        Assert.That(harness.Gateway.Sampled, Has.Count.EqualTo(1));
    }

    private static void AssertSame(RunnerHarness harness, IReadOnlyList<string> bodies, string where) => Assert.Multiple(() =>
    {
        Assert.That(harness.Gateway.Sampled.Select(request => request.Body), Is.EqualTo(bodies), $"{where}: model requests");
        Assert.That(harness.Effects.Select(effect => effect.Split(' ')[0]), Is.EqualTo(new[] { "first", "second", "third" }), $"{where}: effects");
        Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("all done"), where);
        Assert.That(harness.Journal.Answers.Count(), Is.EqualTo(bodies.Count), where);
    });

    private static Task<RunnerHarness> StartAsync(ToolEffect effect, Func<string, string> command) => RunnerHarness.StartAsync(
        RunnerHarness.RunWithShell(effect),
        ModelStep.Shell(command("first")),
        new ModelStep(
            "Both \u00e9 at once.",
            "tool_calls",
            [
                ModelStep.ShellCall(command("second"), "same"),
                new ToolCall("same", "files", """{"operation":"write","path":"a.txt","content":"x"}"""),
                new ToolCall("none", "nothing", "{}"),
                new ToolCall("bad", "shell", "{ \"command\": \"un"),
            ],
            "because"),
        ModelStep.Call(new ToolCall("r", "files", """{"operation":"read","path":"a.txt"}""")),
        ModelStep.Shell(command("third") + "; exit 3"),
        ModelStep.Say("all done"));

    private static Task<RunnerExit> CrashAsync(RunnerHarness harness, int crashAt, bool afterAnswer) =>
        harness.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt, afterAnswer));

    private static async Task<(int Requests, IReadOnlyList<string> Bodies)> UninterruptedAsync()
    {
        await using var harness = await StartAsync(ToolEffect.Keyed, RunnerHarness.KeyedEffect);
        var transport = new CrashingTransport(new SocketsHttpHandler());
        var exit = await harness.RunAttemptAsync(transport);
        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        return (transport.Count, [.. harness.Gateway.Sampled.Select(request => request.Body)]);
    }
}
