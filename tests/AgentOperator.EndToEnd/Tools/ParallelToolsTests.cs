namespace AgentOperator.EndToEnd.Tools;

/// <summary>One answer with several tool calls.</summary>
public sealed class ParallelToolsTests : EndToEndTest
{
    [Test]
    public async Task ThreeCallsInOneAnswer_PodLostAtTheSecond_FirstIsNotRepeated()
    {
        var scenario = NewScenario();
        scenario.Shells(
            [
                scenario.Effect("first"),
                $"[ \"$AGENT_ATTEMPT\" != 1 ] || {{ {scenario.Effect("second-begins")}; sleep 300; }}; {scenario.Effect("second")}",
                scenario.Effect("third"),
            ]).Answer("Done.");
        var run = await StartAsync(scenario);

        await EffectAsync("second-begins");
        await run.ForceDeletePodAsync(1);
        await run.SucceededAsync(2);

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "first", "second-begins", "second", "third" }));
    }
}
