namespace AgentOperator.EndToEnd.Survival;

/// <summary>The journal's store refuses or delays writes. Alone, since every run's journal is in it.</summary>
[NonParallelizable]
public sealed class StorePressureTests : EndToEndTest
{
    private const int Steps = 10;
    private const int Runs = 8;
    private const string PriorityLevel = "agentoperator-tests-starved";

    [Test]
    [LocalCluster]
    public async Task EtcdTakesNoMoreWrites_MidRun_RunWaitsAndGoesOnWhenItDoes()
    {
        var run = await StartStepsAsync();
        await EffectAsync("step-3");

        await Cluster.RaiseAlarmAsync();
        try
        {
            await RefusedAsync("JournalUnavailable");
        }
        finally
        {
            await Cluster.LiftAlarmAsync();
        }

        var status = await run.SucceededAsync(Steps + 1);
        await AssertOnceAsync();
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }), "the agent waits");
    }

    [Test]
    [LocalCluster]
    public async Task ApiServerStallsAgainAndAgain_MidRun_RunGoesOn()
    {
        var run = await StartStepsAsync();
        for (var step = 2; step <= 8; step += 3)
        {
            await EffectAsync($"step-{step}");
            await Cluster.ControlAsync("pause", "kube-apiserver");
            try
            {
                // How long it stalls is what this is about: longer than a client's first patience, shorter than a lease.
                await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
            }
            finally
            {
                await Cluster.ControlAsync("continue", "kube-apiserver");
            }
        }

        var status = await run.SucceededAsync(Steps + 1);
        await AssertOnceAsync();
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }));
    }

    [Test]
    public async Task ApiServerRejectsTheOperatorsRequests_RunsGoOnAndNothingIsDoneTwice()
    {
        await ApplyAsync(Starvation);
        try
        {
            var scenario = NewScenario();
            scenario.Shell(scenario.Effect("{{run}}-{{number}}"), delayMs: 100, repeat: Steps).Answer("Done.");
            List<TestRun> runs = [];
            for (var i = 1; i <= Runs; i++)
            {
                runs.Add(await StartAsync(scenario, Specs.Of(ScenarioName, ToolEffect.Irreversible) with { Task = $"Run {i}." }, $"run-{i}"));
            }

            foreach (var run in runs)
            {
                var status = await run.FinishedAsync();
                Assert.That(status.Phase, Is.EqualTo(Phases.Succeeded), status.Condition(ConditionTypes.Finished)?.Message);
            }

            Assert.That(await RejectedAsync(), Is.Positive, "429s of priority and fairness: without one this proves nothing");
            Assert.That((await runs[0].ModelCallsAsync()).RepeatedModelCalls, Is.Zero);
            Assert.That(await EffectKeysAsync(), Has.Count.EqualTo(Runs * Steps).And.Unique);
        }
        finally
        {
            await Kubectl.RunAsync(["delete", "--ignore-not-found", "flowschema,prioritylevelconfiguration", "--selector", "agentoperator-test=starved"]);
        }
    }

    private Task<TestRun> StartStepsAsync()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("step-{{number}}"), delayMs: 300, repeat: Steps).Answer("Done.");
        return StartAsync(scenario, ToolEffect.Irreversible);
    }

    private async Task AssertOnceAsync() =>
        Assert.That(await EffectKeysAsync(), Is.EqualTo(Enumerable.Range(1, Steps).Select(step => $"step-{step}")));

    private static async Task RefusedAsync(string code)
    {
        var before = await OperatorMetrics.RefusalsAsync(Cluster, code);
        await Eventually.TrueAsync($"the gateway to refuse with {code}", async () => await OperatorMetrics.RefusalsAsync(Cluster, code) > before, Patience);
    }

    private static async Task<double> RejectedAsync() => Metrics.Parse(await Cluster.Api.GetTextAsync("metrics")).Sum(
        "apiserver_flowcontrol_rejected_requests_total", $"\"{PriorityLevel}\"");

    /// <summary>One request of the operator at a time, the rest is rejected; its leases and watches are left alone.</summary>
    private const string Starvation = $$"""
        apiVersion: flowcontrol.apiserver.k8s.io/v1beta1
        kind: PriorityLevelConfiguration
        metadata: {name: {{PriorityLevel}}, labels: {agentoperator-test: starved} }
        spec: {type: Limited, limited: {assuredConcurrencyShares: 1, limitResponse: {type: Reject} } }
        ---
        apiVersion: flowcontrol.apiserver.k8s.io/v1beta1
        kind: PriorityLevelConfiguration
        metadata: {name: agentoperator-tests-ample, labels: {agentoperator-test: starved} }
        spec: {type: Limited, limited: {assuredConcurrencyShares: 100000, limitResponse: {type: Reject} } }
        ---
        apiVersion: flowcontrol.apiserver.k8s.io/v1beta1
        kind: FlowSchema
        metadata: {name: agentoperator-tests-starved, labels: {agentoperator-test: starved} }
        spec:
          matchingPrecedence: 2
          priorityLevelConfiguration: {name: {{PriorityLevel}} }
          distinguisherMethod: {type: ByUser}
          rules:
          - subjects:
            - {kind: ServiceAccount, serviceAccount: {name: agent-operator, namespace: {{TestCluster.OperatorNamespace}} } }
            resourceRules:
            - {verbs: [get, list, create, update, patch, delete], apiGroups: ["agentoperator.dev", "", authentication.k8s.io, events.k8s.io], resources: ["*"], namespaces: ["*"], clusterScope: true}
        """;
}
