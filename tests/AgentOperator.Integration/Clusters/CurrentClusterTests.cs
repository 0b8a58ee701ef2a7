using AgentOperator.Integration.Support;
using k8s;

namespace AgentOperator.Integration.Clusters;

/// <summary><c>CLUSTER=current</c>, with a real API server behind kubectl's own settings.</summary>
public sealed class CurrentClusterTests
{
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("current-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Kubeconfig_OfAListOfFiles_IsOneFileThatEveryClientReads()
    {
        var path = (await ClusterAsync("kubeconfig", await SplitAsync())).Trim();
        try
        {
            using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(path));
            Assert.That((await client.CoreV1.ReadNamespaceAsync("default")).Metadata.Name, Is.EqualTo("default"));
            var mode = await CommandRunner.RunAsync("stat", ["--format", "%a", path], TimeSpan.FromSeconds(10));
            Assert.That(mode.OrThrow().Output.Trim(), Is.EqualTo("600"), "it holds credentials");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task Kubeconfig_OfOneFile_IsThatFile() =>
        Assert.That((await ClusterAsync("kubeconfig", ControlPlane.Kubeconfig)).Trim(), Is.EqualTo(ControlPlane.Kubeconfig));

    [Test]
    public async Task Up_WithAListOfFiles_FindsTheCluster() => Assert.That(await ClusterAsync("up", await SplitAsync()), Is.Empty);

    /// <summary>Writes the cluster and its user to one file, the context that joins them to another.</summary>
    private async Task<string> SplitAsync()
    {
        var (parts, context) = (Path.Combine(_folder, "parts"), Path.Combine(_folder, "context"));
        await File.WriteAllTextAsync(parts, await ControlPlane.KubectlAsync("config", "view", "--raw", "--flatten", "--minify"));
        var names = (await ControlPlane.KubectlAsync(
            "config", "view", "--minify", "--output", "jsonpath={.contexts[0].context.cluster} {.contexts[0].context.user}")).Split(' ');
        await KubectlConfigAsync(context, "set-context", "joined", "--cluster", names[0], "--user", names[1]);
        await KubectlConfigAsync(context, "use-context", "joined");
        await KubectlConfigAsync(parts, "unset", "current-context");
        await KubectlConfigAsync(parts, "unset", "contexts");
        return $"{parts}:{context}";
    }

    private static async Task KubectlConfigAsync(string file, params string[] arguments) => (await CommandRunner.RunAsync(
        Path.Combine(ControlPlane.Tools, "kubectl"), ["config", "--kubeconfig", file, .. arguments], TimeSpan.FromMinutes(1))).OrThrow();

    private static async Task<string> ClusterAsync(string command, string kubeconfig) => (await CommandRunner.RunAsync(
        Repository.PathOf("tests/testbed/cluster/cluster"), [command], TimeSpan.FromMinutes(5),
        environment: new Dictionary<string, string> { ["CLUSTER"] = "current", ["KUBECONFIG"] = kubeconfig })).OrThrow().Output;
}
