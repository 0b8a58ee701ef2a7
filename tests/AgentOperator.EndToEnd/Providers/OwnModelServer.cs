using k8s;

namespace AgentOperator.EndToEnd.Providers;

/// <summary>A scripted model in a test's own namespace. It can be stopped, and started again with another key and another scenario.</summary>
internal sealed class OwnModelServer(TestCluster cluster, string ns)
{
    private const string Name = "model-server";

    /// <summary>The server. What it has logged is gone once it stops.</summary>
    public ModelServer Model { get; } = new(cluster.Api, ns);

    /// <summary>The provider's base URL.</summary>
    public string BaseUrl => $"http://{Name}.{ns}.svc/v1";

    /// <summary>Starts the server, in place of the one that runs.</summary>
    /// <param name="key">The only key that it accepts.</param>
    /// <param name="scenario">The scenario that it plays, which has the namespace's name.</param>
    public async Task StartAsync(string key, string scenario)
    {
        // The image is the one that all tests share.
        var shared = await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync(Name, TestCluster.ModelNamespace);
        var manifest = Repository.Read("tests/manifests/model-server.yaml")
            .Replace("IMAGE", shared.Spec.Template.Spec.Containers[0].Image, StringComparison.Ordinal);
        await StopAsync();
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: {{Name}} }
            stringData: {key: {{key}} }
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: model-scenarios}
            data:
              {{ns}}.yaml: '{{scenario.Replace("'", "''", StringComparison.Ordinal)}}'
            ---
            {{manifest}}
            """);
        await cluster.Kubectl.RunAsync(["rollout", "status", $"deployment/{Name}", "--timeout=90s", "--namespace", ns]);
    }

    /// <summary>Stops the server: its address refuses connections.</summary>
    public async Task StopAsync()
    {
        await cluster.Kubectl.RunAsync(["delete", "deployment", Name, "--ignore-not-found", "--namespace", ns]);
        await Eventually.TrueAsync(
            "the model server to be gone",
            async () => (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, labelSelector: $"app={Name}")).Items.Count == 0,
            EndToEndTest.Patience);
    }

    private Task ApplyAsync(string manifest) => cluster.Kubectl.RunAsync(["apply", "--namespace", ns, "-f", "-"], manifest);
}
