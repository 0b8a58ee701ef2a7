namespace AgentOperator.EndToEnd.Lifecycle;

/// <summary>What is left of a run: nothing.</summary>
public sealed class DeletionTests : EndToEndTest
{
    [Test]
    public async Task KubectlDelete_MidRun_LeavesNeitherPodNorJournal()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one")).Shell($"{scenario.Effect("two")}; sleep 4").Answer("Never.");
        var run = await StartAsync(scenario);
        await EffectAsync("two");
        Assert.That(await run.KubectlAsync("get", "journalsegments,pods", "--output", "name"), Is.Not.Empty);

        await run.KubectlAsync("delete", run.Reference, "--wait=false");

        await run.Observer.UntilDeletedAsync(Patience);
        await NothingLeftAsync(run);
    }

    [Test]
    public async Task TtlAfterFinished_Passes_RunIsDeletedWithAllThatIsItsOwn()
    {
        var scenario = NewScenario();
        scenario.Answer("Done.");
        var run = await StartAsync(scenario, Specs.Of(ScenarioName) with { TtlSecondsAfterFinished = 2 });

        await run.UntilAsync("the run to succeed", status => status.Phase == Phases.Succeeded);
        await run.Observer.UntilDeletedAsync(Patience);

        await NothingLeftAsync(run);
    }

    private static Task NothingLeftAsync(TestRun run) => Eventually.TrueAsync(
        "pods and journal to go",
        async () => (await run.KubectlAsync("get", "agentruns,journalsegments,pods", "--output", "name")).Length == 0,
        Patience);
}
