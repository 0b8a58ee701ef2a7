using AgentOperator.ControlRuntime;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Integration.Support;

/// <summary>
/// The API server that the tests of this assembly share. By default it is the local cluster named by <c>AGENTOPERATOR_TEST_CLUSTER</c>
/// (default <c>integration</c>); with <c>CLUSTER=current</c> it is the one that kubectl points at.
/// </summary>
public static class ControlPlane
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(2);

    // The first start on a machine builds Kubernetes.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(40);

    private static IKubernetes? _client;
    private static bool _startedHere;

    /// <summary>True when the tests may stop and start the cluster's processes.</summary>
    public static bool IsOurs { get; } = Environment.GetEnvironmentVariable("CLUSTER") != "current";

    /// <summary>The local cluster's name.</summary>
    public static string Name { get; } = Environment.GetEnvironmentVariable("AGENTOPERATOR_TEST_CLUSTER") is { Length: > 0 } name
        ? name
        : "integration";

    /// <summary>The path of the kubeconfig.</summary>
    public static string Kubeconfig { get; private set; } = "";

    /// <summary>The folder that holds kubectl and helm.</summary>
    public static string Tools { get; private set; } = "";

    /// <summary>A client with an administrator's rights.</summary>
    public static IKubernetes Client => _client ?? throw new InvalidOperationException("The control plane is started by ControlPlaneFixture.");

    /// <summary>A client of one's own, for whoever disposes it.</summary>
    public static IKubernetes CreateClient() =>
        new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig), new InitialEventsHandler());

    /// <summary>Makes a namespace with a fresh name; disposing it deletes it.</summary>
    public static async Task<TestNamespace> CreateNamespaceAsync()
    {
        var name = $"it-{Guid.NewGuid():N}"[..15];
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } });
        return new TestNamespace(name);
    }

    /// <summary>Runs kubectl and expects success.</summary>
    /// <returns>What it printed.</returns>
    public static Task<string> KubectlAsync(params string[] arguments) => KubectlWithInputAsync(null, arguments);

    /// <summary>Runs kubectl with something on its standard input, such as a manifest for <c>apply -f -</c>, and expects success.</summary>
    /// <returns>What it printed.</returns>
    public static Task<string> KubectlWithInputAsync(string? input, params string[] arguments) => Commands.RunAsync(arguments, input);

    /// <summary>Runs kubectl.</summary>
    /// <returns>How it ended.</returns>
    internal static Task<CommandResult> TryKubectlAsync(string? input, params string[] arguments) => Commands.TryAsync(arguments, input);

    /// <summary>Runs helm against the cluster and expects success.</summary>
    /// <returns>What it printed.</returns>
    public static Task<string> HelmAsync(params string[] arguments) => Commands.HelmAsync(arguments);

    /// <summary>Runs helm against the cluster.</summary>
    /// <returns>How it ended.</returns>
    internal static Task<CommandResult> TryHelmAsync(params string[] arguments) => Commands.TryHelmAsync(arguments);

    /// <summary>Applies the project's definitions with kubectl and waits until they are served.</summary>
    public static Task ApplyDefinitionsAsync() => Commands.ApplyDefinitionsAsync();

    /// <summary>
    /// Stops, starts, kills, pauses, continues or restarts a component such as <c>kube-apiserver</c>. Ignores the test when the cluster is not
    /// ours.
    /// </summary>
    public static async Task ControlAsync(string command, string component)
    {
        RequireOurs();
        await ClusterScript.RunAsync(CommandDeadline, command, component, "--name", Name);
    }

    /// <summary>Ignores the test when it would have to do to somebody's own cluster what only ours may suffer.</summary>
    /// <param name="because">What it does, as the end of a sentence.</param>
    public static void RequireOurs(string because = "stops the cluster's processes")
    {
        if (!IsOurs)
        {
            Assert.Ignore(TestCluster.WhyOnlyLocal(because));
        }
    }

    /// <summary>Waits until the API server answers, as after a restart.</summary>
    public static Task ReadyAsync() => Soon.BeTrueAsync(
        async () =>
        {
            try
            {
                await Client.CoreV1.ReadNamespaceAsync("default");
                return true;
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpOperationException or IOException)
            {
                return false;
            }
        },
        "the API server answers");

    internal static async Task StartAsync()
    {
        if (IsOurs)
        {
            _startedHere = !(await ClusterScript.TryAsync(CommandDeadline, "status", "--name", Name)).Succeeded;
            await ClusterScript.RunAsync(StartDeadline, "up", "--control-plane", "--name", Name);
        }
        else
        {
            await ClusterScript.RunAsync(CommandDeadline, "up");
        }

        Kubeconfig = await ClusterScript.RunAsync(CommandDeadline, "kubeconfig", "--name", Name);
        Tools = await ClusterScript.RunAsync(StartDeadline, "path");
        _client = CreateClient();
        await ReadyAsync();
        await ApplyDefinitionsAsync();
    }

    /// <summary>Ends the cluster, unless somebody had started it before.</summary>
    internal static async Task StopAsync()
    {
        _client?.Dispose();
        _client = null;
        if (_startedHere)
        {
            await ClusterScript.RunAsync(CommandDeadline, "down", "--name", Name);
        }
    }

    private static Kubectl Commands => new(Tools, Kubeconfig);
}
