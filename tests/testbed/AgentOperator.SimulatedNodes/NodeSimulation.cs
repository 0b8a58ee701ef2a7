using AgentOperator.SimulatedNodes.Cluster;
using AgentOperator.SimulatedNodes.Nodes;
using AgentOperator.SimulatedNodes.Pods;
using k8s;

namespace AgentOperator.SimulatedNodes;

/// <summary>Simulated nodes at work in one namespace.</summary>
internal sealed class NodeSimulation : IAsyncDisposable
{
    private readonly Kubernetes _client;
    private readonly CancellationTokenSource _off = new();
    private readonly IReadOnlyList<NodeRegistration> _nodes;
    private readonly Task _running;

    private NodeSimulation(Kubernetes client, IReadOnlyList<NodeRegistration> nodes, SimulatedKubelet kubelet)
    {
        _client = client;
        _nodes = nodes;
        Kubelet = kubelet;
        _running = Task.WhenAll([kubelet.RunAsync(_off.Token), .. nodes.Select(node => node.KeepAliveAsync(_off.Token))]);
    }

    /// <summary>What runs the pods.</summary>
    public SimulatedKubelet Kubelet { get; }

    /// <summary>Registers nodes and runs the pods of a namespace on them.</summary>
    /// <param name="plane">The control plane.</param>
    /// <param name="namespaceName">The namespace; nobody else may run its pods.</param>
    /// <param name="workload">What containers do.</param>
    /// <param name="nodeCount">How many nodes.</param>
    public static async Task<NodeSimulation> StartAsync(LocalControlPlane plane, string namespaceName, IWorkload workload, int nodeCount = 4)
    {
        var client = plane.CreateClient();
        var api = new ApiServer(client);
        var names = Enumerable.Range(1, nodeCount).Select(number => $"{namespaceName}-{number}").ToArray();
        var nodes = names.Select(name => new NodeRegistration(api, name)).ToArray();
        foreach (var node in nodes)
        {
            await node.RegisterAsync(CancellationToken.None);
        }

        return new NodeSimulation(client, nodes, new SimulatedKubelet(api, namespaceName, names, workload));
    }

    /// <summary>Switches the nodes off and removes them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _off.CancelAsync();
        await _running;
        foreach (var node in _nodes)
        {
            await node.RemoveAsync(CancellationToken.None);
        }

        Kubelet.Dispose();
        _off.Dispose();
        _client.Dispose();
    }
}
