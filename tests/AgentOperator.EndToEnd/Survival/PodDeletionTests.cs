namespace AgentOperator.EndToEnd.Survival;

/// <summary>A pod that somebody deletes is no failure of the agent.</summary>
public sealed class PodDeletionTests : EndToEndTest
{
    [Test]
    public async Task KubectlDeletePod_WhileToolRuns_ToolEndsWithinTheGracePeriodAndIsNotRepeated()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one"))
            .Shell($"{scenario.Effect("two-begins")}; {scenario.Await("deleted")}; {scenario.Effect("two-ends")}")
            .Shell(scenario.Effect("three"))
            .Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Irreversible);

        await EffectAsync("two-begins");
        await run.PodIsReadyAsync(1);
        await run.KubectlAsync("delete", "pod", run.PodName(1), "--wait=false");
        await run.AgentIsStoppingAsync(1);
        await Model.AddEffectAsync(ScenarioName, "deleted");
        var status = await run.SucceededAsync(4);

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "one", "two-begins", "deleted", "two-ends", "three" }));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.PodDeleted, Outcomes.Completed }));
        Assert.That(status.Failures ?? 0, Is.Zero);
    }

    [Test]
    public async Task KubectlDeletePod_WhileModelThinks_AnswerThatIsPaidIsUsed()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one"))
            .Shell(scenario.Effect("two"), holdUntil: "answer")
            .Answer("Done.");
        var run = await StartAsync(scenario);

        await run.UntilAsync("the first tool's result", status => status.Usage?.ToolCalls == 1);
        await run.PodIsReadyAsync(1);
        await run.KubectlAsync("delete", "pod", run.PodName(1), "--wait=false");
        await run.AgentIsStoppingAsync(1);
        await Model.AddEffectAsync(ScenarioName, "answer");
        var status = await run.SucceededAsync(3);

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "one", "answer", "two" }));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.PodDeleted, Outcomes.Completed }));
        Assert.That(status.Failures ?? 0, Is.Zero);
    }
}
