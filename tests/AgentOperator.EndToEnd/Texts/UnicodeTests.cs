namespace AgentOperator.EndToEnd.Texts;

/// <summary>Text beyond U+FFFF, and text that is no Unicode, on its way from a provider or a tool to the run's status.</summary>
public sealed class UnicodeTests : EndToEndTest
{
    [TestCase("")]
    [TestCase("escapedText")]
    public async Task FinalAnswer_WithAnEmoji_IsInTheStatus(string quirk)
    {
        await Model.PutScenarioAsync(ScenarioName, $$"""steps: [{text: "All done! 🎉", quirks: [{{quirk}}]}]""");
        var run = await ApplyAsync();

        var status = await run.SucceededAsync(1);

        Assert.That(status.Result!.Text, Is.EqualTo("All done! 🎉"));
        Assert.That(await run.KubectlAsync("get", run.Reference, "--output", "jsonpath={.status.result.text}"), Is.EqualTo("All done! 🎉"));
    }

    [Test]
    public async Task ToolOutput_OfBytesThatAreNoUtf8_ReachesTheModelAndTheRunEnds()
    {
        await Model.PutScenarioAsync(
            ScenarioName,
            """
            steps:
            - toolCalls: [{name: shell, arguments: {command: "printf 'ready \\360\\237\\216\\211 \\377\\033[31m\\000end'"}}]
            - {text: "Cut off: 🎉", quirks: [halfCharacter], expect: {contains: "ready 🎉"}}
            """);
        var run = await ApplyAsync();

        var status = await run.SucceededAsync(2);

        Assert.That(status.Result!.Text, Is.EqualTo("Cut off: 🎉\uFFFD"));
    }

    [Test]
    public async Task ProviderError_WithAnEmoji_EndsTheRunOnce()
    {
        await Model.PutScenarioAsync(
            ScenarioName, """steps: [{text: "never", faults: [{status: 400, code: "no_🎉_left", message: "Out of 🎉.", times: 1000}]}]""");
        var run = await ApplyAsync();

        var status = await run.FinishedAsync();

        Assert.That(status.Phase, Is.EqualTo(Phases.Failed));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.ModelRejected }));
        var message = status.Condition(ConditionTypes.Finished)!.Message;
        Assert.That(message, Does.Contain("400").And.Not.Contain("🎉"), "a provider's message may quote the prompt");
    }

    private async Task<TestRun> ApplyAsync()
    {
        var run = Observe("run", ScenarioName);
        await ApplyAsync(Manifests.Of(Specs.Of(ScenarioName), Namespace, "run"));
        return run;
    }
}
