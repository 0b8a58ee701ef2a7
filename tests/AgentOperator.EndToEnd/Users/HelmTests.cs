using System.Text.Json;
using k8s;

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
    public async Task Upgrade_FiftyRunsWork_NoneFailsAndNoneRepeats()
    {
        const int runs = 50;
        const int steps = 12;
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("{{run}}-{{number}}"), delayMs: 1500, repeat: steps).Answer("Done.");
        await Model.PutScenarioAsync(ScenarioName, scenario.ToString());
        await ApplyAsync(string.Join("\n---\n", Enumerable.Range(1, runs).Select(
            number => Manifests.Of(Specs.Of(ScenarioName, ToolEffect.Irreversible) with { Task = $"Run {number}." }, Namespace, $"run-{number}"))));
        await Eventually.TrueAsync(
            "all runs to work", async () => (await EffectKeysAsync()).Count(key => key.EndsWith("-1", StringComparison.Ordinal)) == runs,
            TimeSpan.FromMinutes(4));

        await UpgradeAsync("Debug");
        await Kubectl.RunAsync(
            ["wait", "agentruns", "--all", "--for=condition=Finished", "--namespace", Namespace, "--timeout=5m"], deadline: TimeSpan.FromMinutes(6));
        await UpgradeAsync("Information");

        var ends = await Kubectl.RunAsync(
            [
                "get",
                "agentruns",
                "--namespace",
                Namespace,
                "--output",
                "jsonpath={range .items[*]}{.status.phase} {.status.attempts[*].outcome}{'\\n'}{end}",
            ]);
        var calls = await Model.SummarizeAsync(ScenarioName);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ends.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(runs).And.All.EqualTo("Succeeded Completed"));
            Assert.That((calls.ModelCalls, calls.RepeatedModelCalls), Is.EqualTo((runs * (steps + 1), 0)));
            Assert.That(await EffectKeysAsync(), Has.Count.EqualTo(runs * steps).And.Unique);
        }
    }

    [Test]
    public async Task Drain_BothReplicasAtOnce_TheBudgetKeepsOneAndTheRunGoesOn()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("step-{{number}}"), delayMs: 1000, repeat: 10).Answer("Done.");
        var run = await StartAsync(scenario, ToolEffect.Irreversible);
        await EffectAsync("step-2");

        var pods = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
            TestCluster.OperatorNamespace, labelSelector: "app.kubernetes.io/name=agent-operator");
        var evicted = new List<bool>();
        foreach (var pod in pods.Items)
        {
            evicted.Add(await EvictAsync(pod.Metadata.Name));
        }

        Assert.That(evicted, Is.EqualTo(new[] { true, false }), "which evictions the disruption budget allows");
        var status = await run.SucceededAsync(11);
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }));
        await Kubectl.RunAsync(
            ["rollout", "status", "deployment/agent-operator", "--namespace", TestCluster.OperatorNamespace, "--timeout=2m"],
            deadline: TimeSpan.FromMinutes(3));
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

    private static async Task<bool> EvictAsync(string pod)
    {
        var eviction = Eviction.Of(
            Eviction.ApiVersion(JsonElement.Parse(await Cluster.Api.GetTextAsync("api/v1"))), TestCluster.OperatorNamespace, pod);
        var answer = await Kubectl.TryAsync(
            ["create", "--raw", $"/api/v1/namespaces/{TestCluster.OperatorNamespace}/pods/{pod}/eviction", "-f", "-"], eviction);
        Assert.That(answer.Succeeded || answer.Text.Contains("disruption budget", StringComparison.Ordinal), answer.Text);
        return answer.Succeeded;
    }

    private static Task UpgradeAsync(string level) => InstallAsync("upgrade", null, "--reuse-values", "--set", $"logLevel={level}");

    private static Task InstallAsync(string command, string? values, params string[] arguments) => Kubectl.HelmAsync(
        [
            command,
            "agent-operator",
            Chart,
            "--namespace",
            TestCluster.OperatorNamespace,
            "--server-side=false",
            "--wait",
            "--timeout",
            "3m",
            .. arguments,
        ],
        values);
}
