using System.Text.Json;

namespace AgentOperator.EndToEnd.Users;

/// <summary>What must be found nowhere but where it belongs, and what a pod may not do.</summary>
public sealed class SecrecyTests : EndToEndTest
{
    private const string OutputMarker = "marker-of-the-output-77aa";

    [Test]
    public async Task FinishedRun_KeyAndPrompt_AreInNoPodStatusEventLogOrMetric()
    {
        var scenario = NewScenario();
        scenario.Shell($"env; cat /proc/1/environ | tr '\\0' '\\n'; printf '%s' {OutputMarker}", expect: Specs.PromptMarker)
            .Answer("Done.", expect: OutputMarker);
        var run = await StartAsync(scenario);
        await run.SucceededAsync(2);

        (string Where, string[] Arguments)[] places =
        [
            ("pods", ["get", "pods", "--namespace", Namespace, "--output", "yaml"]),
            ("the run's status", ["get", run.Reference, "--namespace", Namespace, "--output", "jsonpath={.status}"]),
            ("events", ["get", "events", "--namespace", Namespace, "--output", "yaml"]),
            ("the agent's log", ["logs", run.PodName(1), "--namespace", Namespace]),
            (
                "the operator's log",
                ["logs", "--namespace", TestCluster.OperatorNamespace, "--selector", "app.kubernetes.io/name=agent-operator", "--tail=-1"]),
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (var (where, arguments) in places)
            {
                AssertNoSecret(where, await Kubectl.RunAsync(arguments));
            }

            foreach (var text in await MetricsAsync())
            {
                Assert.That(text, Does.Contain("agentoperator_"));
                AssertNoSecret("metrics", text);
            }
        }
    }

    [Test]
    public async Task Pod_KeepsTheRestrictedStandard_AndHasNoTokenForTheApiServer()
    {
        var scenario = NewScenario();
        scenario.Shell("ls /var/run/secrets/kubernetes.io 2>&1; id -u; touch /probe 2>&1; grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status")
            .Shell("true", expect: "No such file")
            .Answer("Done.");
        var run = await StartAsync(scenario);
        await run.SucceededAsync(3);

        var pod = await run.PodAsync(1, _ => true);
        var container = pod.Spec.Containers.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pod.Spec.AutomountServiceAccountToken, Is.False);
            Assert.That(pod.Spec.EnableServiceLinks, Is.False);
            Assert.That(pod.Spec.SecurityContext.RunAsNonRoot, Is.True);
            Assert.That(pod.Spec.SecurityContext.SeccompProfile.Type, Is.EqualTo("RuntimeDefault"));
            Assert.That(pod.Spec.HostNetwork, Is.Not.True);
            Assert.That(pod.Spec.HostPID, Is.Not.True);
            Assert.That(pod.Spec.Volumes.Select(volume => volume.HostPath), Is.All.Null);
            Assert.That(container.SecurityContext.AllowPrivilegeEscalation, Is.False);
            Assert.That(container.SecurityContext.ReadOnlyRootFilesystem, Is.True);
            Assert.That(container.SecurityContext.Capabilities.Drop, Is.EqualTo(new[] { "ALL" }));
            Assert.That(container.Resources.Limits.Keys, Is.SupersetOf(new[] { "memory", "ephemeral-storage" }));
            Assert.That(JsonSerializer.Serialize(pod.Spec.Volumes), Does.Not.Contain("kube-api-access").And.Not.Contain("kube-root-ca"));
        }
    }

    private static void AssertNoSecret(string where, string text)
    {
        Assert.That(text, Is.Not.Empty, where);
        Assert.That(text, Does.Not.Contain(TestCluster.ModelKey), $"the API key is in {where}");
        Assert.That(text, Does.Not.Contain(Specs.PromptMarker), $"the prompt is in {where}");
        Assert.That(text, Does.Not.Contain(OutputMarker), $"a tool's output is in {where}");
    }

    private static async Task<IReadOnlyList<string>> MetricsAsync()
    {
        var names = await Kubectl.RunAsync(
            [
                "get",
                "pods",
                "--namespace",
                TestCluster.OperatorNamespace,
                "--selector",
                "app.kubernetes.io/name=agent-operator",
                "--output",
                "jsonpath={.items[*].metadata.name}",
            ]);
        return await Task.WhenAll(names.Split(' ').Select(pod =>
            Cluster.Api.GetTextAsync($"api/v1/namespaces/{TestCluster.OperatorNamespace}/pods/http:{pod}:8080/proxy/metrics")));
    }
}
