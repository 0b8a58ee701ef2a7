using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;
using AgentRunner.Tests.Generators;

namespace AgentRunner.Tests.Loop;

/// <summary>I13: an answer that is none is asked for once more, and ends the run as failed when it comes again.</summary>
internal sealed class UnusableAnswerTests
{
    private static readonly JsonElement Signed = JsonElement.Parse("""{"reasoning_details":[{"data":"Q+/=é","n":1.50}],"o'd\"d":{"deep":[[{}]]}}""");

    [TestCase(null, "stop", "no text and no tool call", "UnusableAnswer")]
    [TestCase("", "stop", "no text and no tool call", "UnusableAnswer")]
    [TestCase(" \n\t", "stop", "no text and no tool call", "UnusableAnswer")]
    [TestCase("<think>only thoughts</think>\n", "stop", "no text and no tool call", "UnusableAnswer")]
    [TestCase("only thoughts\n</think>\n", "stop", "no text and no tool call", "UnusableAnswer")]
    [TestCase("<think>thoughts without end", "stop", "no text and no tool call", "UnusableAnswer")]
    [TestCase(null, "length", "output limit", "UnusableAnswer")]
    [TestCase("<think>cut", "length", "output limit", "UnusableAnswer")]
    [TestCase("I will look.", "tool_calls", "announced a tool call", "UnusableAnswer")]
    [TestCase("part", "content_filter", "content filter", "ContentFiltered")]
    [TestCase("part", "error", "finish_reason 'error'", "UnusableAnswer")]
    [TestCase(null, ModelAnswerPayload.TooLarge, "too large to be kept", "UnusableAnswer")]
    [TestCase("part", "of_its_own", "finish_reason 'of_its_own'", "UnusableAnswer")]
    public async Task Answer_ThatIsNone_IsAskedForOnceMoreAndThenFailsTheRun(string? text, string finishReason, string said, string reason)
    {
        var none = new ModelStep(text, finishReason, []);
        await using var mended = await RunnerHarness.StartAsync(null, none, ModelStep.Say("the answer"));
        await using var broken = await RunnerHarness.StartAsync(null, none, none, ModelStep.Say("never"));

        await mended.RunAttemptAsync();
        var exit = await broken.RunAttemptAsync();

        Assert.Multiple(() =>
        {
            Assert.That(
                mended.Journal.Finished,
                Is.EqualTo(new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = "Completed", Result = "the answer" }));
            Assert.That(LastMessage(mended), Is.EqualTo("user"));
            Assert.That(mended.Gateway.Sampled[1].Body, Does.Contain(said));
            Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Done, reason)));
            Assert.That((broken.Journal.Finished?.Outcome, broken.Journal.Finished?.Result), Is.EqualTo((RunOutcome.Failed, (string?)null)));
            Assert.That(broken.Journal.Finished?.Message, Does.EndWith("also when it was asked again."));
            Assert.That(broken.Gateway.Sampled, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task Answer_ThatIsNoneAtTheLastStep_IsNotAskedForAgain()
    {
        var run = RunnerHarness.DefaultRun with { Limits = RunnerHarness.DefaultRun.Limits with { MaxSteps = 1 } };
        await using var harness = await RunnerHarness.StartAsync(run, new ModelStep(null, "stop", []), ModelStep.Say("never"));

        await harness.RunAttemptAsync();

        Assert.That((harness.Journal.Finished?.Reason, harness.Gateway.Sampled.Count), Is.EqualTo(("UnusableAnswer", 1)));
        Assert.That(harness.Journal.Finished?.Message, Does.Contain("limits.maxSteps"));
    }

    [Test]
    public async Task Answer_ThatIsNoneBetweenCalls_IsAskedForEachTime()
    {
        var none = new ModelStep(null, "stop", []);
        await using var harness = await RunnerHarness.StartAsync(
            null, none, ModelStep.Shell("true"), none, ModelStep.Shell("true"), none, ModelStep.Say("done"));

        await harness.RunAttemptAsync();

        Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("done"));
    }

    [TestCase("<think>hm</think>\n\nthe answer", "the answer")]
    [TestCase(" <thinking>hm</thinking>the answer", "the answer")]
    [TestCase("hm\n</think>\n\nthe answer", "the answer")]
    [TestCase("</think>\nthe answer", "the answer")]
    [TestCase("[THINK]hm[/THINK]the answer", "the answer")]
    [TestCase("<thought>hm</thought>the answer", "the answer")]
    [TestCase("the <think>answer</think>", "the <think>answer</think>")]
    [TestCase("It ends with\n```\n</think>\n```", "It ends with\n```\n</think>\n```")]
    [TestCase("A line with </think> in it", "A line with </think> in it")]
    public async Task Reasoning_AtTheBeginningOfTheText_IsNotTheAnswer(string text, string result)
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say(text));

        await harness.RunAttemptAsync();

        Assert.That((harness.Journal.Finished?.Outcome, harness.Journal.Finished?.Result), Is.EqualTo((RunOutcome.Succeeded, result)));
        Assert.That(harness.Journal.Answers.Single().Text, Is.EqualTo(text), "nothing of the answer is lost");
    }

    [TestCase("content_filter")]
    [TestCase("error")]
    public async Task Calls_OfAnAnswerThatMayBeCut_AreNotRun(string finishReason)
    {
        var cut = ModelStep.Shell(RunnerHarness.Effect("never")) with { FinishReason = finishReason };
        await using var harness = await RunnerHarness.StartAsync(null, cut, ModelStep.Say("done"));

        await harness.RunAttemptAsync();

        Assert.That(harness.Effects, Is.Empty);
        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain($"finish_reason '{finishReason}'"));
    }

    [Test]
    public async Task Request_AfterAnswersThatAreNoneAndSigned_IsTheSameAfterAKillAtAnyRequest()
    {
        await using var whole = await StartSignedAsync();
        using var counting = new CrashingTransport(new SocketsHttpHandler());
        await whole.RunAttemptAsync(counting);
        var bodies = whole.Gateway.Sampled.Select(request => request.Body).ToList();
        Assert.That(bodies, Has.Count.EqualTo(4));
        Assert.That(bodies[1], Does.Contain("""{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"shell","arguments":"""));
        Assert.That(bodies[1], Does.Contain(
            """
            "extra_content":{"google":{"thought_signature":"AA+/=="}}}],"reasoning_details":[{"data":"Q+/=é","n":1.50}]
            """));
        for (var crashAt = 1; crashAt <= counting.Count; crashAt++)
        {
            await using var harness = await StartSignedAsync();
            using var crashing = new CrashingTransport(new SocketsHttpHandler(), crashAt, afterAnswer: crashAt % 2 == 0);
            await harness.RunAttemptAsync(crashing);
            await harness.RunAttemptAsync();

            Assert.That(harness.Gateway.Sampled.Select(request => request.Body), Is.EqualTo(bodies), $"killed at request {crashAt}");
            Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("done"), $"killed at request {crashAt}");
        }
    }

    [Test]
    public async Task Run_AnyAnswers_EndsAndSucceedsOnlyWithAResult([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var run = RunnerHarness.DefaultRun with { Limits = RunnerHarness.DefaultRun.Limits with { MaxSteps = 12 } };
        await using var harness = await RunnerHarness.StartAsync(run, [.. Enumerable.Range(0, 12).Select(_ => AnyStep(random))]);

        var exit = await harness.RunAttemptAsync();

        var end = harness.Journal.Finished;
        Assert.That(end, Is.Not.Null, exit.Message);
        Assert.That(end!.Outcome == RunOutcome.Succeeded, Is.EqualTo(!string.IsNullOrWhiteSpace(end.Result)), $"{end}");
    }

    private static ModelStep AnyStep(Random random)
    {
        string[] reasons = ["stop", "stop", "tool_calls", "length", "content_filter", "error"];
        var text = new OddModelText(random);
        var calls = Enumerable.Range(0, random.Next(3)).Select(_ => new ToolCall(
            text.Next(), random.Next(2) == 0 ? "files" : text.Next(), text.Next())
        {
            Extra = random.Next(2) == 0 ? Signed : null,
        });
        return new ModelStep(
            random.Next(3) == 0 ? null : text.Next(), reasons[random.Next(reasons.Length)], [.. calls], random.Next(2) == 0 ? text.Next() : null,
            random.Next(2) == 0 ? Signed : null);
    }

    private static Task<RunnerHarness> StartSignedAsync()
    {
        var call = ModelStep.ShellCall("echo hi", "a") with { Extra = JsonElement.Parse("""{"extra_content":{"google":{"thought_signature":"AA+/=="}}}""") };
        return RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Keyed),
            ModelStep.Call(call) with { Extra = Signed }, new ModelStep("<think>hm</think>", "stop", [], "r", Signed), ModelStep.Shell("echo there"),
            ModelStep.Say("done"));
    }

    private static string? LastMessage(RunnerHarness harness)
    {
        using var request = JsonDocument.Parse(harness.Gateway.Sampled[1].Body);
        return request.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("role").GetString();
    }
}
