using k8s.Models;

namespace AgentOperator.EndToEnd.Survival;

/// <summary>Two pods of one run are alive at once.</summary>
[LocalCluster("stops the agent's process on its node")]
[NonParallelizable]
public sealed class TakeoverTests : EndToEndTest
{
    [Test]
    public async Task AgentFrozenAndReplaced_WakesUp_CommitsNothingAndEnds()
    {
        var scenario = NewScenario();
        scenario.Shell(
            $"{scenario.Effect("begins-$AGENT_ATTEMPT")}; {scenario.Await("release-$AGENT_ATTEMPT")}; {scenario.Effect("ends-$AGENT_ATTEMPT")}")
            .Answer("Done.");
        var run = await StartAsync(scenario);
        await EffectAsync("begins-1");
        var stale = await run.PodAsync(1, _ => true);

        // With its shim stopped as well, nothing can end the agent, as on a node that is cut off.
        var shim = await NodeProcess.ShimAsync(stale);
        await NodeProcess.SignalAsync(shim, "STOP");
        try
        {
            await NodeProcess.SignalAgentAsync(stale, "STOP");
            await run.ForceDeletePodAsync(1);
            await TakeOverAsync(stale);
        }
        finally
        {
            await NodeProcess.SignalAsync(shim, "CONT");
        }

        await Model.AddEffectAsync(ScenarioName, "release-2");
        var status = await run.SucceededAsync(2);

        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.PodDeleted, Outcomes.Completed }));
        Assert.That(status.Usage!.ToolCalls, Is.EqualTo(1), "the stale agent's result is not committed");
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "begins-1", "begins-2", "release-1", "ends-1", "release-2", "ends-2" }));
    }

    private async Task TakeOverAsync(V1Pod stale)
    {
        await EffectAsync("begins-2");
        Assert.That(NodeProcess.IsAgentAlive(stale), "the frozen agent was to live on");
        var refused = await OperatorMetrics.RefusalsAsync(Cluster, "StaleEpoch");

        // The tool ends, so the first thing that the agent does after waking up is to commit the result.
        await Model.AddEffectAsync(ScenarioName, "release-1");
        await EffectAsync("ends-1");
        await NodeProcess.SignalAgentAsync(stale, "CONT");
        await Eventually.TrueAsync("the stale agent to end", () => Task.FromResult(!NodeProcess.IsAgentAlive(stale)), Patience);
        Assert.That(
            await OperatorMetrics.RefusalsAsync(Cluster, "StaleEpoch"), Is.GreaterThan(refused), "requests that the gateway refused with StaleEpoch");
    }
}
