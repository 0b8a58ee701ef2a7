namespace AgentOperator.EndToEnd.Tools;

/// <summary>A tool call that is under way when its pod is lost.</summary>
public sealed class ToolEffectTests : EndToEndTest
{
    [Test]
    public async Task IrreversibleTool_PodLostMeanwhile_IsNotStartedAgainAndTheModelIsTold()
    {
        var scenario = NewScenario();
        scenario.Shell($"{scenario.Effect("charge")}; sleep 300")
            .Shell(scenario.Effect("after"), expect: "was in flight when the machine it ran on was lost")
            .Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Irreversible);

        await EffectAsync("charge");
        await run.ForceDeletePodAsync(1);
        var status = await run.SucceededAsync(3);

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "charge", "after" }));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.PodDeleted, Outcomes.Completed }));
    }

    [Test]
    public async Task KeyedTool_PodLostMeanwhile_RunsAgainWithTheSameKey()
    {
        var scenario = NewScenario();
        scenario.Shell($"{scenario.Effect("$IDEMPOTENCY_KEY")}; [ \"$AGENT_ATTEMPT\" != 1 ] || sleep 300").Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Keyed);

        await Eventually.TrueAsync("the effect", async () => (await EffectKeysAsync()).Count == 1, Patience);
        await run.ForceDeletePodAsync(1);
        await run.SucceededAsync(2);

        var keys = await EffectKeysAsync();
        Assert.That(keys, Has.Count.EqualTo(2));
        Assert.That(keys[0], Is.Not.Empty.And.EqualTo(keys[1]), "a service that honours keys does it once");
    }

    [Test]
    public async Task PureTool_PodLostMeanwhile_RunsAgain()
    {
        var scenario = NewScenario();
        scenario.Shell($"{scenario.Effect("begins-$AGENT_ATTEMPT")}; [ \"$AGENT_ATTEMPT\" != 1 ] || sleep 300").Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Pure);

        await EffectAsync("begins-1");
        await run.ForceDeletePodAsync(1);
        await run.SucceededAsync(2);

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "begins-1", "begins-2" }));
    }
}
