namespace AgentOperator.EndToEnd.Survival;

/// <summary>A command of the agent that eats all memory, as opposed to the agent itself.</summary>
public sealed class ChildOutOfMemoryTests : EndToEndTest
{
    private const string AsksWhoDies = "group-$(cat /sys/fs/cgroup/memory.oom.group 2> /dev/null || echo 0)";
    private const string Eats = "if [ \"$AGENT_ATTEMPT\" = 1 ]; then awk 'BEGIN { s = \"0123456789\"; while (1) s = s s }'; fi; echo over";

    [Test]
    public async Task ShellCommand_EatsAllMemory_ModelIsToldAndTheRunGoesOn()
    {
        var spec = Specs.Of(ScenarioName);
        spec = spec with { Resources = spec.Resources with { Limits = new ResourceLimits { Memory = "96Mi" } } };
        var run = await StartAsync(ScenarioThatExpects("over"), spec);

        // The node decides whether the kernel kills one process or the whole container. Kubelets since 1.28 choose the container on cgroup v2.
        await Eventually.TrueAsync("the node's answer", async () => (await EffectKeysAsync()).Count == 1, Patience);
        var answer = (await EffectKeysAsync())[0];
        var oneProcessDies = answer == "group-0";
        if (oneProcessDies)
        {
            await Model.PutScenarioAsync(ScenarioName, ScenarioThatExpects("killed for memory").ToString());
        }

        await Model.AddEffectAsync(ScenarioName, "answered");
        var status = await run.SucceededAsync(4);

        // If the container dies, the next attempt has more memory.
        var expected = oneProcessDies ? new[] { Outcomes.Completed } : [Outcomes.OutOfMemory, Outcomes.Completed];
        Assert.That(status.EndsOf(), Is.EqualTo(expected), answer);
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { answer, "answered", "on" }));
    }

    private Scenario ScenarioThatExpects(string result)
    {
        var scenario = NewScenario();
        return scenario.Shell(scenario.Effect(AsksWhoDies))
            .Shell(Eats, holdUntil: "answered")
            .Shell(scenario.Effect("on"), expect: result)
            .Answer("Done.");
    }
}
