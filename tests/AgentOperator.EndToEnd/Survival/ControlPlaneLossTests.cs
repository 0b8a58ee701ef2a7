namespace AgentOperator.EndToEnd.Survival;

/// <summary>What agents live on dies under them. Alone, since every other test lives on it too.</summary>
[NonParallelizable]
public sealed class ControlPlaneLossTests : EndToEndTest
{
    [Test]
    public async Task OperatorKilled_WhileModelThinksAndWhileToolRuns_BothRunsGoOn()
    {
        var thinkingName = $"{ScenarioName}-thinking";
        var thinking = new Scenario(ScenarioName);
        thinking.Shell(thinking.Effect("thinking-one"))
            // Long enough that the operator is dead when the answer arrives. An answer that it received and could not commit would be paid twice.
            .Shell(thinking.Effect("thinking-two"), delayMs: 20000)
            .Answer("Done.");
        var working = NewScenario();
        working.Shell(working.Effect("working-one"))
            .Shell($"{working.Effect("working-begins")}; sleep 8; {working.Effect("working-ends")}")
            .Answer("Done.");
        var thinkingRun = await StartAsync(thinking, Specs.Of(thinkingName), "thinking");
        var workingRun = await StartAsync(working, ToolEffect.Irreversible, "working");

        await EffectAsync("working-begins");
        await EffectAsync("thinking-one");
        await Kubectl.RunAsync(
            [
                "delete",
                "pods",
                "--namespace",
                TestCluster.OperatorNamespace,
                "--selector",
                "app.kubernetes.io/name=agent-operator",
                "--grace-period=0",
                "--force",
            ]);
        var thinkingStatus = await thinkingRun.SucceededAsync(3);
        var workingStatus = await workingRun.SucceededAsync(3);

        Assert.That(
            await EffectKeysAsync(),
            Is.EquivalentTo(new[] { "thinking-one", "thinking-two", "working-one", "working-begins", "working-ends" }));
        Assert.That(thinkingStatus.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }), "the agent waits for an operator to come back");
        Assert.That(workingStatus.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }));
    }

    [Test]
    [LocalCluster("restarts kube-apiserver")]
    public async Task ApiServerRestarted_MidRun_SameAttemptGoesOn()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("step-{{number}}"), delayMs: 400, repeat: 12).Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Irreversible);

        await EffectAsync("step-3");
        await Cluster.ControlAsync("restart", "kube-apiserver");
        var status = await run.SucceededAsync(13);

        Assert.That(await EffectKeysAsync(), Is.EqualTo(Enumerable.Range(1, 12).Select(step => $"step-{step}")));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }));
    }
}
