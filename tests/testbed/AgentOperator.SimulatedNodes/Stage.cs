using System.Globalization;
using AgentOperator.ModelServer;
using AgentOperator.SimulatedNodes.Cluster;
using AgentOperator.SimulatedNodes.Operators;
using AgentOperator.SimulatedNodes.Pods;
using AgentOperator.SimulatedNodes.Runners;
using AgentOperator.SimulatedNodes.Runs;
using k8s;

namespace AgentOperator.SimulatedNodes;

/// <summary>
/// Everything that runs need in a namespace of their own: the scripted model, the real operator as a process with the chart's rights, simulated
/// nodes whose pods play agents, and an observer of the runs.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Kubernetes _client;
    private readonly GatewayConnections _connections = new();
    private readonly DirectoryInfo _folder;

    private Stage(LocalControlPlane plane, string namespaceName)
    {
        Plane = plane;
        Namespace = namespaceName;
        _folder = Directory.CreateTempSubdirectory($"agentoperator-{namespaceName}-");
        _client = plane.CreateClient();
        Api = new ApiServer(_client);
    }

    public LocalControlPlane Plane { get; }

    public string Namespace { get; }

    /// <summary>A folder of its own, which only its owner can read.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The API server, with an administrator's rights.</summary>
    public ApiServer Api { get; }

    public ModelServerHost Model { get; private set; } = null!;

    public OperatorInstallation Installation { get; private set; } = null!;

    public OperatorDeployment Operator { get; private set; } = null!;

    /// <summary>What the pods play; null when they do something else.</summary>
    public AgentWorkload? Agents { get; private set; }

    public NodeSimulation Nodes { get; private set; } = null!;

    public RunObserver Observer { get; private set; } = null!;

    /// <summary>Sets it all up, with pods that play agents.</summary>
    /// <param name="plane">The control plane.</param>
    /// <param name="prefix">Begins the namespace's name.</param>
    /// <param name="crashOf">The death of a run's attempt; null for none.</param>
    public static Task<Stage> SetUpAsync(LocalControlPlane plane, string prefix, Func<string, int, Crash?> crashOf) =>
        SetUpAsync(plane, prefix, stage => stage.Agents = new AgentWorkload(stage.ConnectAsync, crashOf));

    /// <summary>Sets it all up, with pods that do something else.</summary>
    /// <param name="plane">The control plane.</param>
    /// <param name="prefix">Begins the namespace's name.</param>
    /// <param name="workloadOf">What pods do.</param>
    /// <param name="gatewayHost">The host in the gateway's URL, for pods that are programs of this machine; null for its Service's name.</param>
    public static async Task<Stage> SetUpAsync(LocalControlPlane plane, string prefix, Func<Stage, IWorkload> workloadOf, string? gatewayHost = null)
    {
        var stage = new Stage(plane, $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 7)]);
        try
        {
            await stage.SetUpAsync(workloadOf, gatewayHost);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the model play a scenario of some tool calls and a final answer.</summary>
    /// <param name="name">The scenario's name: the runs' model.</param>
    /// <param name="steps">Model calls, the final answer included.</param>
    public void Script(string name, int steps) => Model.PutScenario(name, string.Create(CultureInfo.InvariantCulture, $"""
        steps:
        {(steps > 1 ? $"- {{toolCalls: [{{name: shell, arguments: {{command: 'true'}}}}], repeat: {steps - 1}}}" : "")}
        - text: done
        """));

    /// <summary>A pod's way to the gateway, with its own token; null when the pod is gone.</summary>
    public async Task<RunnerGateway?> ConnectAsync(ObservedPod pod, CancellationToken cancellationToken) =>
        await new PodApi(Api).CreateTokenAsync(pod, cancellationToken) is { } token
            ? new RunnerGateway(
                _connections.Get(pod.Environment[RunnerEnvironment.GatewayCa]), new Uri(pod.Environment[RunnerEnvironment.GatewayUrl]), token)
            : null;

    /// <summary>Waits until that many runs have ended.</summary>
    /// <exception cref="TimeoutException">They did not; the message has what a person needs.</exception>
    public async Task WaitAsync(int runs, TimeSpan deadline)
    {
        try
        {
            await Observer.WaitAsync(runs, deadline);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}{Environment.NewLine}{Describe()}", exception);
        }
    }

    /// <summary>What a person needs who has to find out why something was not as it should be.</summary>
    public string Describe() => string.Join(
        Environment.NewLine,
        [
            Observer.Describe(),
            $"Pods started: {Nodes.Kubelet.Started}.",
            .. Nodes.Kubelet.Defects.Take(5).Select(defect => $"Defect of the simulation: {defect}"),
            .. (Agents?.Surprises ?? []).Take(5).Select(surprise => $"An agent was refused: {surprise}"),
            $"The operator was restarted {Operator.Restarts} times. The end of its log, {Operator.Process.LogFile}:",
            Operator.Process.LogTail(),
        ]);

    public async ValueTask DisposeAsync()
    {
        if (Observer is not null)
        {
            await Observer.DisposeAsync();
        }

        if (Nodes is not null)
        {
            await Nodes.DisposeAsync();
        }

        if (Operator is not null)
        {
            await Operator.DisposeAsync();
        }

        if (Model is not null)
        {
            await Model.DisposeAsync();
        }

        if (Installation is not null)
        {
            await Installation.RemoveAsync(Plane);
        }

        await Plane.Kubectl.RunAsync(["delete", "namespace", Namespace, "--ignore-not-found", "--wait=false"]);
        _connections.Dispose();
        _client.Dispose();
    }

    private async Task SetUpAsync(Func<Stage, IWorkload> workloadOf, string? gatewayHost)
    {
        Model = await ModelServerHost.StartAsync();
        await RunCreator.PrepareAsync(Plane, Namespace, Model.BaseUri);
        Installation = await OperatorInstallation.CreateAsync(Plane, Namespace, _folder.FullName, gatewayHost);
        Operator = await OperatorDeployment.StartAsync(Installation, _folder.FullName, Namespace);
        Nodes = await NodeSimulation.StartAsync(Plane, Namespace, workloadOf(this));
        Observer = new RunObserver(Plane, Namespace);
    }
}
