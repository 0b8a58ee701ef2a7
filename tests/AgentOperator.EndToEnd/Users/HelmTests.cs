namespace AgentOperator.EndToEnd.Users;

/// <summary>The chart, by real Helm. Alone, since it takes the operator from under every other test.</summary>
[NonParallelizable]
public sealed class HelmTests : EndToEndTest
{
    private static readonly string Chart = Repository.PathOf("charts/agent-operator");

    [Test]
    public async Task LintAndTemplate_NoComplaint()
    {
        Assert.That(await Kubectl.HelmAsync(["lint", "--strict", Chart]), Does.Contain("0 chart(s) failed"));
        var rendered = await Kubectl.HelmAsync(["template", "agent-operator", Chart, "--namespace", "agents"]);
        Assert.That(rendered, Does.Contain("kind: CustomResourceDefinition").And.Contain("kind: PodDisruptionBudget"));
    }

    [Test]
    public async Task Upgrade_MidRun_RunFinishesInTheSameAttempt()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("step-{{number}}"), delayMs: 1000, repeat: 10).Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Irreversible);
        await EffectAsync("step-2");

        await UpgradeAsync("Debug");
        var status = await run.SucceededAsync(11);
        await UpgradeAsync("Information");

        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }));
        Assert.That(await EffectKeysAsync(), Is.EqualTo(Enumerable.Range(1, 10).Select(step => $"step-{step}")));
    }

    [Test]
    public async Task UninstallAndInstall_RunsAreKept()
    {
        var scenario = NewScenario();
        scenario.Answer("Done.");
        var run = await StartAsync(scenario);
        await run.SucceededAsync(1);

        var values = await Kubectl.HelmAsync(["get", "values", "agent-operator", "--namespace", TestCluster.OperatorNamespace, "--output", "yaml"]);
        await Kubectl.HelmAsync(["uninstall", "agent-operator", "--namespace", TestCluster.OperatorNamespace, "--wait"]);
        try
        {
            Assert.That(await run.KubectlAsync("get", run.Reference, "--output", "jsonpath={.status.phase}"), Is.EqualTo(Phases.Succeeded));
            Assert.That(await Kubectl.RunAsync(["get", "deployments", "--namespace", TestCluster.OperatorNamespace, "--output", "name"]), Is.Empty);
        }
        finally
        {
            await InstallAsync("install", values, "--values", "-");
        }

        var again = await StartAsync(scenario, Specs.Of(ScenarioName) with { Task = "The same once more." }, "again");
        await again.UntilAsync("the new run to succeed", status => status.Phase == Phases.Succeeded);
    }

    private static Task UpgradeAsync(string level) => InstallAsync("upgrade", null, "--reuse-values", "--set", $"logLevel={level}");

    private static Task InstallAsync(string command, string? values, params string[] arguments) => Kubectl.HelmAsync(
        [command, "agent-operator", Chart, "--namespace", TestCluster.OperatorNamespace, "--server-side=false", "--wait", "--timeout", "3m", .. arguments], values);
}
