using System.Text.Json;
using AgentOperator.Integration.Support;
using k8s;
using k8s.Models;

namespace AgentOperator.Integration.Chart;

/// <summary>
/// What the chart's disruption budget lets a drain do, according to the real disruption controller. No node runs the pods, so the test marks them
/// ready.
/// </summary>
public sealed class DrainTests
{
    private const string Release = "drained";
    private const string Selector = "app.kubernetes.io/name=agent-operator";

    [TestCase(1, new[] { true })]
    [TestCase(2, new[] { true, false })]
    public async Task Eviction_OfEachReplica_TakesOneAtATime(int replicas, bool[] expected)
    {
        ControlPlane.RequireOurs("says itself that pods are ready");
        await using var space = await ControlPlane.CreateNamespaceAsync();
        await ControlPlane.HelmAsync(
            "install", Release, Repository.PathOf("charts/agent-operator"), "--namespace", space.Name, "--server-side=false", "--set",
            $"replicaCount={replicas}");
        try
        {
            var pods = await ReadyPodsAsync(space.Name, replicas);
            var apiVersion = Eviction.ApiVersion(JsonElement.Parse(await ControlPlane.KubectlAsync("get", "--raw", "/api/v1")));
            var evicted = new List<bool>();
            foreach (var pod in pods)
            {
                evicted.Add(await EvictAsync(apiVersion, space.Name, pod));
            }

            Assert.That(evicted, Is.EqualTo(expected), "which evictions the disruption budget allows");
        }
        finally
        {
            await ControlPlane.HelmAsync("uninstall", Release, "--namespace", space.Name);
        }
    }

    private static async Task<IReadOnlyList<string>> ReadyPodsAsync(string space, int replicas)
    {
        IList<V1Pod> pods = [];
        await Soon.BeTrueAsync(
            async () =>
                (pods = (await ControlPlane.Client.CoreV1.ListNamespacedPodAsync(space, labelSelector: Selector)).Items).Count == replicas,
                "the replicas' pods are there");
        var ready = new V1Patch("""{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", V1Patch.PatchType.MergePatch);
        foreach (var pod in pods)
        {
            await ControlPlane.Client.CoreV1.PatchNamespacedPodStatusAsync(ready, pod.Metadata.Name, space);
        }

        await Soon.BeTrueAsync(
            async () =>
                await ControlPlane.KubectlAsync(
                    "get", "poddisruptionbudgets", "--namespace", space, "--output", "jsonpath={.items[*].status.currentHealthy}") == $"{replicas}",
            "the budget counts the replicas");
        return [.. pods.Select(pod => pod.Metadata.Name)];
    }

    private static async Task<bool> EvictAsync(string apiVersion, string space, string pod)
    {
        var answer = await ControlPlane.TryKubectlAsync(
            Eviction.Of(apiVersion, space, pod), "create", "--raw", $"/api/v1/namespaces/{space}/pods/{pod}/eviction", "-f", "-");
        Assert.That(answer.Succeeded || answer.Text.Contains("disruption budget", StringComparison.Ordinal), answer.Text);
        return answer.Succeeded;
    }
}
