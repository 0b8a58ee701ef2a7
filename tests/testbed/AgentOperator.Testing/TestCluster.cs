using k8s;

namespace AgentOperator.Testing;

/// <summary>The cluster that all tests share, with the operator and the scripted model on it.</summary>
internal sealed class TestCluster
{
    /// <summary>The namespace of the scripted model.</summary>
    public const string ModelNamespace = "models";

    /// <summary>The key that the scripted model asks for: a value that must be found nowhere else.</summary>
    public const string ModelKey = "sk-endtoend-4f1c7a52e9";

    public const string OperatorNamespace = "agentoperator-system";

    private static readonly TimeSpan ScriptDeadline = TimeSpan.FromMinutes(30);

    private TestCluster(string name, string tools, string kubeconfig)
    {
        Name = name;
        Kubeconfig = kubeconfig;
        Kubectl = new Kubectl(tools, kubeconfig);
        Client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        Api = new ApiServer(Client);
        Model = new ModelServer(Api, ModelNamespace);
    }

    /// <summary>Name of the local cluster; unused when <see cref="IsLocal"/> is false.</summary>
    public string Name { get; }

    public string Kubeconfig { get; }

    public Kubectl Kubectl { get; }

    public Kubernetes Client { get; }

    public ApiServer Api { get; }

    public ModelServer Model { get; }

    /// <summary>Whether the cluster runs on this machine, so that its processes can be killed.</summary>
    public static bool IsLocal => Environment.GetEnvironmentVariable("CLUSTER") != "current";

    /// <summary>Why a test is ignored on a cluster that is not the local one.</summary>
    /// <param name="because">What the test does, as the end of a sentence.</param>
    public static string WhyOnlyLocal(string because) => $"CLUSTER=current: the test needs the local cluster, because it {because}.";

    /// <summary>
    /// Name of the local cluster. It is the demo's, in other namespaces: two kubelets on one machine tidy up each other's container logs.
    /// </summary>
    public static string LocalName => Environment.GetEnvironmentVariable("AGENTOPERATOR_TEST_CLUSTER") is { Length: > 0 } given ? given : "local";

    /// <summary>With AGENTOPERATOR_TEST_DEPLOYED=1 what is there is tested as it is.</summary>
    public static bool IsDeployed => Environment.GetEnvironmentVariable("AGENTOPERATOR_TEST_DEPLOYED") == "1";

    /// <summary>Starts what is not there yet: cluster, images, operator, scripted model.</summary>
    /// <param name="progress">Is told what is done and how far it is.</param>
    public static async Task<TestCluster> StartAsync(TextWriter progress)
    {
        var name = LocalName;
        await RunScriptAsync(progress, "tests/testbed/cluster/cluster", "up", "--name", name);
        var tools = await ClusterScript.RunAsync(ScriptDeadline, "path");
        var kubeconfig = await ClusterScript.RunAsync(ScriptDeadline, "kubeconfig", "--name", name);
        var cluster = new TestCluster(name, tools, kubeconfig);
        await cluster.Kubectl.RunAsync(["apply", "-f", "-"], ModelKeyManifest);
        if (!IsDeployed)
        {
            await RunScriptAsync(progress, "tests/deploy", "--name", name, "--model-server", ModelNamespace);
        }

        return cluster;
    }

    /// <summary>Does something to a process of the local cluster: <c>cluster restart kube-apiserver</c>.</summary>
    public Task ControlAsync(string command, string component) =>
        ClusterScript.RunAsync(ScriptDeadline, command, component, "--name", Name);

    /// <summary>Makes etcd refuse writes, as one does whose disk quota is used up.</summary>
    public Task RaiseAlarmAsync() => ControlAsync("alarm", "raise");

    /// <summary>
    /// Makes etcd take writes again, and waits until the nodes were heard since: the pods of a node that was silent for long count as not ready.
    /// </summary>
    public async Task LiftAlarmAsync()
    {
        await ControlAsync("alarm", "lift");
        var lifted = TimeProvider.System.GetUtcNow().UtcDateTime;
        await Eventually.TrueAsync(
            "the nodes to renew their leases",
            async () => (await Client.CoordinationV1.ListNamespacedLeaseAsync("kube-node-lease")).Items.All(lease => lease.Spec.RenewTime > lifted),
            TimeSpan.FromMinutes(2));
    }

    private static async Task RunScriptAsync(TextWriter progress, string script, params string[] arguments)
    {
        var result = await CommandRunner.RunAsync(Repository.PathOf(script), arguments, ScriptDeadline);
        await progress.WriteAsync(result.Error);
        result.OrThrow();
    }

    private static string ModelKeyManifest => $$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{ModelNamespace}} }
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: model-server, namespace: {{ModelNamespace}} }
        stringData: {key: {{ModelKey}} }
        """;
}
