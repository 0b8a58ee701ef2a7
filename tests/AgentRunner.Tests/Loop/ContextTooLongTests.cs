using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>A provider that takes less than limits.maxContextBytes.</summary>
internal sealed class ContextTooLongTests
{
    private const int Steps = 12;

    [TestCase(true)]
    [TestCase(false)]
    public async Task Run_ConversationIsTooLong_IsShortenedAndSucceeds(bool saysSizes)
    {
        await using var harness = await StartAsync(2000, 14_000, saysSizes);

        var exit = await harness.RunAttemptAsync();

        Assert.Multiple(() =>
        {
            Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("all read"), exit.Message);
            Assert.That(harness.Journal.Count(RecordKinds.ContextShortened), Is.EqualTo(harness.Gateway.TooLarge.Count).And.InRange(1, 8));
            Assert.That(harness.Gateway.Sampled, Has.Count.EqualTo(Steps + 1));
            Assert.That(harness.Gateway.Sampled[^1].Body, Does.Contain($"chunk {Steps}\\n"));
            Assert.That(harness.Journal.Outcomes(RecordKinds.ToolResult).All(outcome => outcome.Content.Length > 2000), "the journal keeps all");
        });
    }

    [Test]
    public async Task Run_NewestResultIsTooLarge_IsCutAndTheModelIsTold()
    {
        await using var harness = await StartAsync(12_000, 9000, saysSizes: false, steps: 1);

        var exit = await harness.RunAttemptAsync();

        Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("all read"), exit.Message);
        Assert.That(
            harness.Gateway.Sampled[^1].Body,
            Does.Contain("chunk 1\\n").And.Match("\\[[0-9]+ of the 120[0-9]+ bytes of this result are left out"));
    }

    [Test]
    public async Task Run_LongerThanTheModelsContext_GoesOnWithoutItsOldestSteps()
    {
        await using var harness = await StartAsync(50, 7000, saysSizes: false, steps: 60);

        var exit = await harness.RunAttemptAsync();

        Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("all read"), exit.Message);
        Assert.That(harness.Gateway.Sampled[^1].Body, Does.Match("Do the work\\..*Your first [0-9]+ steps are left out here"));
    }

    [Test]
    public async Task Run_TaskIsTooLong_FailsAndNamesIt()
    {
        var run = RunnerHarness.DefaultRun with { Task = new string('t', 20_000) };
        await using var harness = await RunnerHarness.StartAsync(run, ModelStep.Say("never"));
        harness.Gateway.MaxRequestBytes = 10_000;

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, harness.Journal.Finished?.Reason), Is.EqualTo((RunnerExitCodes.Done, TerminationReasons.ContextTooLong)));
        Assert.That(harness.Journal.Finished?.Message, Does.Contain("context_length_exceeded").And.Contain("the task with 20000 bytes"));
        Assert.That((harness.Gateway.TooLarge.Count, harness.Gateway.Sampled.Count), Is.EqualTo((1, 0)), "asked once, and nothing is paid");
    }

    /// <summary>Every request that is answered has the same bytes, wherever the attempt was killed.</summary>
    [Test]
    public async Task Request_AfterShortening_IsTheSameAfterAKillAtAnyRequest()
    {
        const int Few = 5;
        await using var whole = await StartAsync(3000, 11_000, saysSizes: false, Few);
        using var counting = new CrashingTransport(new SocketsHttpHandler());
        await whole.RunAttemptAsync(counting);
        var bodies = whole.Gateway.Sampled.Select(request => request.Body).ToList();
        Assert.That(whole.Journal.Count(RecordKinds.ContextShortened), Is.Positive);
        for (var crashAt = 1; crashAt <= counting.Count; crashAt++)
        {
            await using var harness = await StartAsync(3000, 11_000, saysSizes: false, Few);
            using var crashing = new CrashingTransport(new SocketsHttpHandler(), crashAt, afterAnswer: crashAt % 2 == 0);
            await harness.RunAttemptAsync(crashing);
            await harness.RunAttemptAsync();

            Assert.That(harness.Gateway.Sampled.Select(request => request.Body), Is.EqualTo(bodies), $"killed at request {crashAt}");
            Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("all read"), $"killed at request {crashAt}");
        }
    }

    [Test]
    public async Task Run_AnySizesAndAnyProvider_EndsInASuccessOrASentence([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var run = RunnerHarness.DefaultRun with { Task = new string('t', random.Next(1, 6000)) };
        var steps = Enumerable.Range(1, 6).Select(_ => ModelStep.Call([.. Enumerable.Range(0, random.Next(1, 4)).Select(
            call => ModelStep.ShellCall($"head -c {random.Next(15_000)} /dev/zero | tr '\\0' x", $"c{call}"))]));
        await using var harness = await RunnerHarness.StartAsync(run, [.. steps, ModelStep.Say("done")]);
        harness.Gateway.MaxRequestBytes = random.Next(2000, 40_000);
        harness.Gateway.SaysSizes = random.Next(2) == 0;

        var exit = await harness.RunAttemptAsync();

        var end = harness.Journal.Finished;
        Assert.That(end, Is.Not.Null, exit.Message);
        Assert.That(end!.Outcome == RunOutcome.Succeeded ? end.Result : end.Message, Is.EqualTo("done").Or.Contain("The largest part is"));
        Assert.That(harness.Gateway.TooLarge, Has.Count.LessThan(60));
    }

    private static async Task<RunnerHarness> StartAsync(int resultBytes, int maxRequestBytes, bool saysSizes, int steps = Steps)
    {
        var harness = await RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Pure) with { Limits = RunnerHarness.DefaultRun.Limits with { MaxSteps = steps + 1 } },
            [
                .. Enumerable.Range(1, steps).Select(step => ModelStep.Shell($"echo chunk {step} ; head -c {resultBytes} /dev/zero | tr '\\0' x")),
                ModelStep.Say("all read"),
            ]);
        harness.Gateway.MaxRequestBytes = maxRequestBytes;
        harness.Gateway.SaysSizes = saysSizes;
        return harness;
    }
}
