namespace AgentOperator.EndToEnd.Tools;

/// <summary>A provider that fails in every way there is.</summary>
public sealed class FlakyProviderTests : EndToEndTest
{
    [Test]
    public async Task FlakyProvider_EveryFault_RunSucceedsWithEachAnswerOnce()
    {
        var scenario = await File.ReadAllTextAsync(Repository.PathOf("tests/testbed/AgentOperator.ModelServer/scenarios/flaky.yaml"));
        await Model.PutScenarioAsync(
            ScenarioName, scenario.Replace("{{effects}}/flaky", $"{{{{effects}}}}/{ScenarioName}", StringComparison.Ordinal));
        var run = await ApplyAsync();

        var status = await run.SucceededAsync(6);

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "0", "1", "2", "3", "4" }));
        Assert.That((await run.ModelCallsAsync()).Faults, Is.EqualTo(9), "each fault of the scenario struck");
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }));
    }

    private async Task<TestRun> ApplyAsync()
    {
        var run = Observe("run", ScenarioName);
        await ApplyAsync(Manifests.Of(Specs.Of(ScenarioName), Namespace, "run"));
        return run;
    }
}
