namespace AgentOperator.EndToEnd.Survival;

/// <summary>A long run with large tool results.</summary>
public sealed class TwoHundredStepsTests : EndToEndTest
{
    private const int Steps = 200;

    [Test]
    public async Task TwoHundredStepsOf20KiB_PodDeletedAtTheLast_ResumesThereWithASmallStatus()
    {
        var scenario = NewScenario();
        scenario.Shell("printf 'chunk %03d ' {{number}}; head -c 20470 /dev/zero | tr '\\0' 'x'", repeat: Steps - 1)
            .Shell($"if [ \"$AGENT_ATTEMPT\" = 1 ]; then {scenario.Effect("last-begins")}; sleep 300; fi; {scenario.Effect("last-ends")}")
            .Answer("All chunks were read.");
        var run = await StartAsync(scenario, Specs.Of(ScenarioName) with { Limits = new LimitsSpec { MaxSteps = Steps + 10 } });

        await EffectAsync("last-begins", TimeSpan.FromMinutes(5));
        await run.ForceDeletePodAsync(1);
        var status = await run.SucceededAsync(Steps + 1);

        // The size of every observed status is checked when the test ends.
        Assert.That(run.Observer.Seen, Has.Count.GreaterThan(10), "the status follows the run");
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.PodDeleted, Outcomes.Completed }));
        Assert.That(await run.KubectlAsync("logs", run.PodName(2)), Does.Contain($"resumed at step {Steps} "));
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "last-begins", "last-ends" }));
    }
}
