namespace AgentOperator.EndToEnd.Nodes;

/// <summary>An agent whose process stands still while its node is well.</summary>
public sealed class HangTests : GuestTest
{
    [Test]
    public async Task AgentStandsStill_NextAttemptGoesOn()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one"))
            .Shell($"{scenario.Effect("two-$AGENT_ATTEMPT")}; [ \"$AGENT_ATTEMPT\" != 1 ] || sleep 600")
            .Answer("Done.");
        var spec = SpecOn(GuestNodes.Steady, GuestNodes.GroupKill);
        var run = await StartAsync(scenario, spec with { Recovery = spec.Recovery with { HeartbeatTimeoutSeconds = 15 } });
        await EffectAsync("two-1");
        await run.PodIsReadyAsync(1);
        var pod = await run.PodAsync(1, _ => true);

        await AgentOf(pod).SignalAsync("STOP");
        var status = await run.SucceededAsync(3);

        await TellAsync($"{status.Attempts![0].Outcome}: {status.Attempts[0].Message}");
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Hung, Outcomes.Completed }));
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "one", "two-1", "two-2" }));
    }
}
