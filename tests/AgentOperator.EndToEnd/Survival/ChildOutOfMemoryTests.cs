namespace AgentOperator.EndToEnd.Survival;

/// <summary>A command of the agent that eats all memory, as opposed to the agent itself.</summary>
public sealed class ChildOutOfMemoryTests : EndToEndTest
{
    [Test]
    public async Task ShellCommand_EatsAllMemory_ModelIsToldAndTheRunGoesOn()
    {
        var oneProcessDies = TestCluster.IsLocal && !File.Exists("/sys/fs/cgroup/cgroup.controllers");
        var scenario = NewScenario();
        scenario.Shell("if [ \"$AGENT_ATTEMPT\" = 1 ]; then awk 'BEGIN { s = \"0123456789\"; while (1) s = s s }'; fi; echo over")
            .Shell(scenario.Effect("on"), expect: oneProcessDies ? "killed for memory" : "over")
            .Answer("Done.");
        var spec = Specs.Of(ScenarioName);
        spec = spec with { Resources = spec.Resources with { Limits = new ResourceLimits { Memory = "96Mi" } } };
        var run = await StartAsync(scenario, spec);

        var status = await run.SucceededAsync(3);

        // Control groups of version 2 may kill the whole container: then the next attempt has more memory.
        var expected = oneProcessDies ? new[] { Outcomes.Completed } : [Outcomes.OutOfMemory, Outcomes.Completed];
        Assert.That(status.EndsOf(), Is.EqualTo(expected));
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "on" }));
    }
}
