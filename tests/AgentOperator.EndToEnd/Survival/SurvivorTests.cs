namespace AgentOperator.EndToEnd.Survival;

/// <summary>The example that the demo shows.</summary>
public sealed class SurvivorTests : EndToEndTest
{
    [Test]
    public async Task Survivor_OutOfMemoryThenEviction_SucceedsWithNothingDoneTwice()
    {
        var scenario = await SurvivorExample.ScenarioAsync();
        await Model.PutScenarioAsync(ScenarioName, scenario);
        var run = Observe("survivor", ScenarioName);

        await Kubectl.RunAsync(["apply", "--namespace", Namespace, "-f", "-"], await SurvivorExample.ManifestAsync(ScenarioName));
        var status = await run.SucceededAsync(SurvivorExample.StepsOf(scenario), TimeSpan.FromMinutes(6));

        await run.AssertSurvivedAsync(status);
        await Model.AssertEffectsOnceAsync(ScenarioName);
    }
}
