namespace AgentOperator.EndToEnd.Survival;

/// <summary>The cluster takes the pod or its node away: no failure of the agent. Alone, since there is one node for all.</summary>
[NonParallelizable]
public sealed class DisruptionTests : EndToEndTest
{
    private const string Succeeds = "[exit code: 0]";

    [Test]
    [LocalCluster("fills a node whose size it knows")]
    public async Task NodePreemptsThePod_NextAttemptGoesOnWhenThereIsRoom()
    {
        var (run, scenario) = await StartHoldingAsync(cpu: "1200m");
        await ApplyAsync($$"""
            apiVersion: scheduling.k8s.io/v1
            kind: PriorityClass
            metadata: {name: {{Namespace}} }
            value: 1000
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: urgent, namespace: {{Namespace}} }
            spec:
              priorityClassName: {{Namespace}}
              terminationGracePeriodSeconds: 1
              containers:
              - name: urgent
                image: agentoperator/runner:0.1.0
                imagePullPolicy: IfNotPresent
                command: [sleep, "300"]
                resources: {requests: {cpu: 1200m} }
            """);
        try
        {
            await run.UntilAsync("the attempt to be preempted", status => status.Attempts is [{ Outcome: not null }, ..]);
            await run.UntilAsync(
                "the next attempt to wait for room",
                status => status.Condition(ConditionTypes.Running)?.Message.Contains("Insufficient cpu", StringComparison.Ordinal) == true);
        }
        finally
        {
            await Kubectl.RunAsync(["delete", "pod", "urgent", "--namespace", Namespace]);
            await Kubectl.RunAsync(["delete", "priorityclass", Namespace]);
        }

        await AssertGoesOnAsync(run, scenario, Outcomes.Preempted, Outcomes.PodDeleted);
    }

    [Test]
    [LocalCluster("cordons the only node")]
    public async Task NodeIsDrained_NextAttemptGoesOnWhenItIsBack()
    {
        var (run, scenario) = await StartHoldingAsync();
        var node = (await run.PodAsync(1, _ => true)).Spec.NodeName;
        try
        {
            // The agent gets its grace period to finish the step, but this step never finishes.
            await Kubectl.RunAsync(
                ["drain", node, "--pod-selector", $"{Labels.Run}=run", "--delete-emptydir-data", "--force", "--grace-period", "3"],
                deadline: TimeSpan.FromMinutes(2));
            await run.UntilAsync("the attempt to be over", status => status.Attempts is [{ Outcome: not null }, ..]);
        }
        finally
        {
            await Kubectl.RunAsync(["uncordon", node]);
        }

        await AssertGoesOnAsync(run, scenario, Outcomes.Drained, Outcomes.PodDeleted);
    }

    [Test]
    [LocalCluster("stops the kubelet")]
    public async Task NodeIsLost_AttemptIsGivenUpAndTheNextGoesOnWhenItIsBack()
    {
        var (run, scenario) = await StartHoldingAsync();
        var pod = await run.PodAsync(1, _ => true);

        // Nothing reports the agent's death. To the control plane, the node and everything on it is silent.
        await Cluster.ControlAsync("pause", "kubelet");
        try
        {
            await NodeProcess.SignalAgentAsync(pod, "KILL");
            await run.UntilAsync("the node to be lost", status => status.Attempts is [{ Outcome: not null }, ..]);
        }
        finally
        {
            await Cluster.ControlAsync("continue", "kubelet");
        }

        await AssertGoesOnAsync(run, scenario, Outcomes.NodeLost);
    }

    /// <summary>A run whose first attempt works on a step that ends only in the next one.</summary>
    private async Task<(TestRun Run, Scenario Scenario)> StartHoldingAsync(string cpu = "20m")
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one"))
            .Shell(
                $"{scenario.Effect("two-$AGENT_ATTEMPT")}; echo \"ran in attempt $AGENT_ATTEMPT\"; [ \"$AGENT_ATTEMPT\" != 1 ] || sleep 600",
                expect: Succeeds)
            .Answer("Done.", expect: Succeeds);
        var spec = Specs.Of(ScenarioName);
        var run = await StartAsync(
            scenario, spec with { Resources = spec.Resources with { Requests = spec.Resources.Requests! with { Cpu = cpu } } });
        await EffectAsync("two-1");
        await run.PodIsReadyAsync(1);
        return (run, scenario);
    }

    private async Task AssertGoesOnAsync(TestRun run, Scenario scenario, params string[] outcomes)
    {
        var status = await run.SucceededAsync(3);

        // Check the tool's output before its effect. A missing effect means that the command failed, or that the call was answered without being run.
        Assert.That(
            await run.ToolOutcomesAsync(),
            Is.EqualTo(new[]
            {
                new CommittedOutcome(1, RecordKinds.ToolResult, Succeeds),
                new CommittedOutcome(2, RecordKinds.ToolResult, $"ran in attempt 2\n{Succeeds}"),
            }));
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "one", "two-1", "two-2" }), scenario.ToString());
        Assert.That(status.Attempts![0].Outcome, Is.AnyOf([.. outcomes]), "servers before 1.26 do not tell why a pod was deleted");
        Assert.That(status.Attempts[^1].Outcome, Is.EqualTo(Outcomes.Completed));
        Assert.That(status.Failures ?? 0, Is.Zero);
    }
}
