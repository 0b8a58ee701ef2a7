namespace AgentOperator.EndToEnd.Lifecycle;

/// <summary><c>spec.suspend</c>.</summary>
public sealed class SuspendTests : EndToEndTest
{
    [Test]
    public async Task Suspended_ThenResumed_GoesOnWhereItStopped()
    {
        // Long enough to suspend the run on a busy machine, and short enough to end within the pod's grace period.
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one"))
            .Shell($"{scenario.Effect("two")}; sleep 15")
            .Shell(scenario.Effect("three"))
            .Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Irreversible);

        await EffectAsync("two");
        await run.KubectlAsync("patch", run.Reference, "--type=merge", "-p", """{"spec":{"suspend":true}}""");
        await run.UntilAsync("the run to be suspended", status => status.Phase == Phases.Suspended);
        await run.UntilAsync("the attempt to be over", status => status.Attempts is [{ Outcome: not null }]);
        await run.KubectlAsync("patch", run.Reference, "--type=merge", "-p", """{"spec":{"suspend":false}}""");
        var status = await run.SucceededAsync(4);

        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Suspended, Outcomes.Completed }));
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "one", "two", "three" }));
    }

    [Test]
    public async Task AppliedSuspended_StartsNoPodUntilItIsResumed()
    {
        var scenario = NewScenario();
        scenario.Answer("Done.");
        var run = await StartAsync(scenario, Specs.Of(ScenarioName) with { Suspend = true });

        await run.UntilAsync("the run to be suspended", status => status.Phase == Phases.Suspended);
        Assert.That(await run.KubectlAsync("get", "pods", "--output", "name"), Is.Empty);
        await run.KubectlAsync("patch", run.Reference, "--type=merge", "-p", """{"spec":{"suspend":false}}""");

        await run.SucceededAsync(1);
    }
}
