namespace AgentOperator.EndToEnd.Survival;

/// <summary>The journal's store refuses or delays writes. Alone, since every run's journal is in it.</summary>
[NonParallelizable]
public sealed class StorePressureTests : EndToEndTest
{
    private const int Steps = 10;
    private const int Runs = 8;

    [Test]
    [LocalCluster("makes etcd refuse writes")]
    public async Task EtcdTakesNoMoreWrites_UntilNobodyLeads_RunsWaitAndGoOnWhenItDoes()
    {
        // Enough runs that the leader's gateway serves some. An answer that it has paid for must outlive its leadership.
        var runs = await StartRunsAsync(stepMs: 300);
        await Eventually.TrueAsync(
            "all runs to work", async () => (await EffectKeysAsync()).Count(key => key.EndsWith("-2", StringComparison.Ordinal)) == Runs, Patience);
        var refused = await OperatorMetrics.RefusalsAsync(Cluster, "JournalUnavailable");

        await Cluster.RaiseAlarmAsync();
        try
        {
            await Eventually.TrueAsync(
                "the gateway to refuse with JournalUnavailable",
                async () => await OperatorMetrics.RefusalsAsync(Cluster, "JournalUnavailable") > refused, Patience);
            await Eventually.TrueAsync("the leader to lose the lease", async () => await OperatorMetrics.LeadersAsync(Cluster) == 0, Patience);
        }
        finally
        {
            await Cluster.LiftAlarmAsync();
        }

        await AssertRunsSucceededOnceAsync(runs);
    }

    [Test]
    [LocalCluster("stops and continues kube-apiserver")]
    public async Task ApiServerStallsAgainAndAgain_MidRun_RunGoesOn()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("step-{{number}}"), delayMs: 300, repeat: Steps).Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Irreversible);
        for (var step = 2; step <= 8; step += 3)
        {
            await EffectAsync($"step-{step}");
            await Cluster.ControlAsync("pause", "kube-apiserver");
            try
            {
                // The stall is longer than a client's first retry and shorter than a lease.
                await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
            }
            finally
            {
                await Cluster.ControlAsync("continue", "kube-apiserver");
            }
        }

        var status = await run.SucceededAsync(Steps + 1);
        Assert.That(await EffectKeysAsync(), Is.EqualTo(Enumerable.Range(1, Steps).Select(step => $"step-{step}")));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }));
    }

    [Test]
    public async Task ApiServerRejectsTheOperatorsRequests_RunsGoOnAndNothingIsDoneTwice()
    {
        var version = (await Kubectl.ApiVersionsAsync()).Newest(FlowControl.Group);
        await ApplyAsync(FlowControl.Starvation(version, TestCluster.OperatorNamespace));
        try
        {
            await AssertRunsSucceededOnceAsync(await StartRunsAsync(stepMs: 100));
            Assert.That(await RejectedAsync(), Is.Positive, "429s of priority and fairness: without one this proves nothing");
        }
        finally
        {
            await Kubectl.RunAsync(["delete", "--ignore-not-found", "flowschema,prioritylevelconfiguration", "--selector", FlowControl.Selector]);
        }
    }

    private async Task<IReadOnlyList<TestRun>> StartRunsAsync(int stepMs)
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("{{run}}-{{number}}"), delayMs: stepMs, repeat: Steps).Answer("Done.");
        List<TestRun> runs = [];
        for (var i = 1; i <= Runs; i++)
        {
            runs.Add(await StartAsync(scenario, Specs.Of(ScenarioName, ToolEffect.Irreversible) with { Task = $"Run {i}." }, $"run-{i}"));
        }

        return runs;
    }

    private async Task AssertRunsSucceededOnceAsync(IReadOnlyList<TestRun> runs)
    {
        foreach (var run in runs)
        {
            var status = await run.FinishedAsync();
            Assert.That(status.Phase, Is.EqualTo(Phases.Succeeded), status.Condition(ConditionTypes.Finished)?.Message);
            Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }), "the agent waits");
        }

        Assert.That((await runs[0].ModelCallsAsync()).RepeatedModelCalls, Is.Zero, "the model's log has an answer twice");
        Assert.That(await EffectKeysAsync(), Has.Count.EqualTo(Runs * Steps).And.Unique);
    }

    private static async Task<double> RejectedAsync() => Metrics.Parse(await Cluster.Api.GetTextAsync("metrics")).Sum(
        "apiserver_flowcontrol_rejected_requests_total", $"\"{FlowControl.StarvedLevel}\"");
}
