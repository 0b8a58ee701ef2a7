namespace AgentOperator.EndToEnd.Lifecycle;

/// <summary><c>spec.limits.activeDeadlineSeconds</c>.</summary>
public sealed class DeadlineTests : EndToEndTest
{
    [Test]
    public async Task DeadlinePasses_WhileToolRuns_RunFailsAndItsPodEnds()
    {
        var scenario = NewScenario();
        scenario.Shell($"{scenario.Effect("begins")}; exec sleep 300").Answer("Never.");
        var run = await StartAsync(scenario, Specs.Of(ScenarioName) with { Limits = new LimitsSpec { ActiveDeadlineSeconds = 8 } });

        var status = await run.FinishedAsync();

        Assert.That(status.Phase, Is.EqualTo(Phases.Failed));
        Assert.That(status.Condition(ConditionTypes.Finished)?.Reason, Is.EqualTo(Reasons.DeadlineExceeded));
        await Eventually.TrueAsync(
            "the pod to end",
            async () =>
                !(await run.KubectlAsync("get", "pods", "--output", "jsonpath={.items[*].status.phase}"))
                    .Contains("Running", StringComparison.Ordinal),
            Patience);
    }
}
