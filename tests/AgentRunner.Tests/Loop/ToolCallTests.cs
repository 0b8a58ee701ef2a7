using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;
using AgentRunner.Tests.Generators;

namespace AgentRunner.Tests.Loop;

/// <summary>What models ask for, well or badly.</summary>
internal sealed class ToolCallTests
{
    [Test]
    public async Task Calls_SeveralInOneAnswer_RunInOrderAndAreAnsweredInOrder()
    {
        await using var harness = await RunAsync(
            ModelStep.Call(
                ModelStep.ShellCall(RunnerHarness.Effect("a"), "1"), ModelStep.ShellCall(RunnerHarness.Effect("b"), "2"),
                ModelStep.ShellCall(RunnerHarness.Effect("c"), "3")),
            ModelStep.Say("done"));

        Assert.That(harness.Effects, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(ToolMessages(harness).Select(message => message.Id), Is.EqualTo(new[] { "1", "2", "3" }));
    }

    [Test]
    public async Task Calls_WithTheSameIdOrNone_AreEachAnswered()
    {
        await using var harness = await RunAsync(
            ModelStep.Call(ModelStep.ShellCall("echo a", "x"), ModelStep.ShellCall("echo b", "x"), ModelStep.ShellCall("echo c", "")),
            ModelStep.Say("done"));

        var messages = ToolMessages(harness);
        Assert.That(messages.Select(message => message.Id), Is.EqualTo(new[] { "x", "call_1_1", "call_1_2" }));
        Assert.That(messages.Select(message => message.Content[0]), Is.EqualTo("abc"));
    }

    [Test]
    public async Task Calls_TheSameIdInEveryStep_AreNotMistakenForEachOther()
    {
        await using var harness = await RunAsync(
            ModelStep.Shell(RunnerHarness.Effect("a"), "call_0"), ModelStep.Shell(RunnerHarness.Effect("b"), "call_0"), ModelStep.Say("done"));

        Assert.That(harness.Effects, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(harness.Journal.Records.Where(record => record.Kind == RecordKinds.ToolIntent).Select(record => record.StepKey), Is.Unique);
    }

    [Test]
    public async Task Calls_OfAnAnswerCutAtTheOutputLimit_AreNeverRun()
    {
        await using var harness = await RunAsync(
            new ModelStep(null, "length", [ModelStep.ShellCall(RunnerHarness.Effect("cut"), "1")]), ModelStep.Say("done"));

        Assert.That(harness.Effects, Is.Empty);
        Assert.That(harness.Journal.Count(RecordKinds.ToolIntent), Is.Zero);
        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain("truncated"));
    }

    [Test]
    public async Task Call_OfAnUnknownTool_IsAnsweredWithTheToolsThereAre()
    {
        await using var harness = await RunAsync(ModelStep.Call(new ToolCall("1", "browser", "{}")), ModelStep.Say("done"));

        Assert.That(
            harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content,
            Is.EqualTo("There is no tool named 'browser'. The tools are: files, shell."));
    }

    [TestCase("{\"command\": \"ls", "invalid JSON at line 1")]
    [TestCase("[1]", "an array")]
    [TestCase("\"ls\"", "a text")]
    [TestCase("null", "null")]
    public async Task Call_ArgumentsAreNoObject_IsAnsweredWithWhatIsWrong(string arguments, string expected)
    {
        await using var harness = await RunAsync(ModelStep.Call(new ToolCall("1", "shell", arguments)), ModelStep.Say("done"));

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain(expected));
        using var request = JsonDocument.Parse(harness.Gateway.Sampled[^1].Body);
        var sent = request.RootElement.GetProperty("messages")[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments")
            .GetString();
        Assert.That(sent, Is.EqualTo("{}"), "providers refuse anything but an object");
        Assert.That(harness.Journal.Answers.First().ToolCalls[0].Arguments, Is.EqualTo(arguments), "the journal keeps what the model wrote");
    }

    [TestCase("```json\n{\"command\":\"echo hi\"}\n```")]
    [TestCase("\"{\\\"command\\\":\\\"echo hi\\\"}\"")]
    [TestCase("{\"command\":\"echo hi\"}{\"command\":\"echo hi\"}")]
    public async Task Call_ArgumentsAreAnObjectInDisguise_IsRunOnce(string arguments)
    {
        await using var harness = await RunAsync(ModelStep.Call(new ToolCall("1", "shell", arguments)), ModelStep.Say("done"));

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolResult).Single().Content, Is.EqualTo("hi\n[exit code: 0]"));
    }

    [TestCase("")]
    [TestCase("a tool, maybe")]
    [TestCase("sh.ell")]
    public async Task Call_OfANameThatNoProviderTakes_IsAnsweredAndGoesBackUnderAnother(string name)
    {
        await using var harness = await RunAsync(ModelStep.Call(new ToolCall("1", name, "{}")), ModelStep.Say("done"));

        Assert.That(
            harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content,
            Is.EqualTo($"There is no tool named '{name}'. The tools are: files, shell."));
        Assert.That(harness.Journal.Answers.First().ToolCalls[0].Name, Is.EqualTo(name), "the journal keeps what the model wrote");
        using var request = JsonDocument.Parse(harness.Gateway.Sampled[^1].Body);
        var sent = request.RootElement.GetProperty("messages")[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name")
            .GetString();
        Assert.That(sent, Does.Match("^[a-zA-Z0-9_-]{1,64}$"));
    }

    [Test]
    public async Task Resume_AfterAnAnswerOfAnyTexts_SendsTheSameRequest([Range(0, 19)] int seed)
    {
        var text = new OddModelText(new Random(seed));
        ModelStep[] script =
        [
            new ModelStep(
                text.Next(), "tool_calls", [new ToolCall(text.Next(), text.Next(), text.Next()), new ToolCall(text.Next(), "files", text.Next())],
                text.Next()),
            ModelStep.Say("done"),
        ];
        await using var harness = await RunAsync(script);
        await using var again = await RunnerHarness.StartAsync(null, script);
        await again.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt: 3, afterAnswer: true));

        await again.RunAttemptAsync();

        Assert.That(again.Gateway.Sampled[^1].Body, Is.EqualTo(harness.Gateway.Sampled[^1].Body));
        Assert.That(again.Gateway.Sampled[^1].StepKey, Is.EqualTo(harness.Gateway.Sampled[^1].StepKey));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("{\"command\": 5}")]
    public async Task Call_AnArgumentIsMissing_IsAnsweredWithItsName(string arguments)
    {
        await using var harness = await RunAsync(ModelStep.Call(new ToolCall("1", "shell", arguments)), ModelStep.Say("done"));

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain("'command'"));
    }

    [Test]
    public async Task Answer_TextBesideCalls_IsSentBackWithThem()
    {
        await using var harness = await RunAsync(
            new ModelStep("I look first.", "tool_calls", [ModelStep.ShellCall("true", "1")], "a thought"), ModelStep.Say("done"));

        using var request = JsonDocument.Parse(harness.Gateway.Sampled[^1].Body);
        var message = request.RootElement.GetProperty("messages")[2];
        Assert.Multiple(() =>
        {
            Assert.That(message.GetProperty("content").ToString(), Does.Contain("I look first."));
            Assert.That(message.GetProperty("reasoning_content").GetString(), Is.EqualTo("a thought"));
            Assert.That(
                message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString(),
                Is.EqualTo("{ \"command\" : \"true\" }"));
        });
    }

    [Test]
    public async Task Result_LargerThanARecordMayBe_IsShortened()
    {
        await using var harness = await RunnerHarness.StartAsync(
            null, ModelStep.Shell("head -c 15000 /dev/zero | tr '\\0' x"), ModelStep.Say("done"));
        harness.Gateway.MaxRecordBytes = 5000;

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        var outcome = harness.Journal.Outcomes(RecordKinds.ToolResult).Single();
        Assert.That(outcome.TruncatedBytes, Is.GreaterThan(10000));
        Assert.That(outcome.Content, Does.Contain("bytes cut").And.Contain("[exit code: 0]"));
    }

    [Test]
    public async Task Answer_LiveAndReplayed_AreTheSame()
    {
        // The stop after the first step makes the second attempt read from the journal what the first took from the reply.
        await using var harness = await RunAsync(
            new ModelStep("", "length", [ModelStep.ShellCall("echo hi", "a"), new ToolCall("a", "files", "")], ""), ModelStep.Say("done"));
        var uninterrupted = harness.Gateway.Sampled[^1];
        await using var again = await RunnerHarness.StartAsync(null, [.. harness.Gateway.Script]);
        await again.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt: 3, afterAnswer: true));

        await again.RunAttemptAsync();

        Assert.That(again.Gateway.Sampled[^1].Body, Is.EqualTo(uninterrupted.Body));
        Assert.That(again.Gateway.Sampled[^1].StepKey, Is.EqualTo(uninterrupted.StepKey));
    }

    private static async Task<RunnerHarness> RunAsync(params ModelStep[] script)
    {
        var harness = await RunnerHarness.StartAsync(null, script);
        var exit = await harness.RunAttemptAsync();
        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        return harness;
    }

    private static List<(string Id, string Content)> ToolMessages(RunnerHarness harness)
    {
        using var request = JsonDocument.Parse(harness.Gateway.Sampled[^1].Body);
        return [.. request.RootElement.GetProperty("messages").EnumerateArray()
            .Where(message => message.GetProperty("role").GetString() == "tool")
            .Select(message => (message.GetProperty("tool_call_id").GetString()!, message.GetProperty("content").ToString()))];
    }
}
