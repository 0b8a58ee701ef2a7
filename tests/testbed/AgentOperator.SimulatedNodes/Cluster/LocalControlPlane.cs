using AgentOperator.SimulatedNodes.Operators;
using k8s;

namespace AgentOperator.SimulatedNodes.Cluster;

/// <summary>A running control plane: where it is, and the programs that talk to it.</summary>
/// <param name="Name">The local cluster's name.</param>
/// <param name="Kubeconfig">Path of a kubeconfig with an administrator's rights.</param>
/// <param name="Tools">The folder that holds kubectl and helm.</param>
internal sealed record LocalControlPlane(string Name, string Kubeconfig, string Tools)
{
    /// <summary>The operator that is started on it: what was built with the tests, unless it is set.</summary>
    public string OperatorProgram { get; init; } = Binaries.PathOf("operator/AgentOperator", "AgentOperator.dll");

    /// <summary>Where its components' commands are.</summary>
    public string RunFolder => Path.Combine(Path.GetDirectoryName(Kubeconfig)!, "run");

    // The first start on a machine builds Kubernetes.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(2);

    /// <summary>Starts etcd, kube-apiserver and kube-controller-manager, with the project's CRDs.</summary>
    public static async Task<LocalControlPlane> StartAsync(string name)
    {
        await ClusterScript.RunAsync(StartDeadline, "up", "--control-plane", "--name", name);
        var plane = new LocalControlPlane(
            name, await ClusterScript.RunAsync(CommandDeadline, "kubeconfig", "--name", name), await ClusterScript.RunAsync(StartDeadline, "path"));

        await plane.Kubectl.ApplyDefinitionsAsync();
        return plane;
    }

    /// <summary>Whether a cluster of that name is there.</summary>
    public static async Task<bool> IsRunningAsync(string name) =>
        (await ClusterScript.TryAsync(CommandDeadline, "status", "--name", name)).Succeeded;

    /// <summary>Ends the processes of a cluster of that name and removes its data.</summary>
    public static Task StopAsync(string name) => ClusterScript.RunAsync(CommandDeadline, "down", "--name", name);

    /// <summary>Restarts the controller manager without its limit of 20 calls a second for each controller.</summary>
    public async Task LiftThrottleAsync()
    {
        const string Option = "--kube-api-qps";
        var command = Path.Combine(RunFolder, "kube-controller-manager.command");
        var text = await File.ReadAllTextAsync(command);
        if (!text.Contains(Option, StringComparison.Ordinal))
        {
            await File.WriteAllTextAsync(command, $"{text.TrimEnd()} {Option} 2000 --kube-api-burst 4000 ");
        }

        await RestartAsync("kube-controller-manager");
    }

    /// <summary>Restarts a component, such as <c>kube-controller-manager</c>.</summary>
    public Task RestartAsync(string component) => ClusterScript.RunAsync(CommandDeadline, "restart", component, "--name", Name);

    /// <summary>A client of one's own, for whoever disposes it.</summary>
    public Kubernetes CreateClient() => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));

    /// <summary>kubectl and helm on it.</summary>
    public Kubectl Kubectl { get; } = new(Tools, Kubeconfig);

    /// <summary>Applies manifests.</summary>
    public Task ApplyAsync(string manifests) => Kubectl.RunAsync(["apply", "--validate=false", "-f", "-"], manifests);
}
