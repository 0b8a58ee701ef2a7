using k8s;

namespace AgentOperator.SimulatedNodes.Cluster;

/// <summary>Follows a collection on a connection of its own until it is disposed.</summary>
internal sealed class ObjectWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Kubernetes _client;
    private readonly Task _running;

    /// <param name="plane">The control plane.</param>
    /// <param name="path">The collection, such as <c>api/v1/namespaces/agents/pods</c>.</param>
    /// <param name="tell">Is told of every object there is and of every change, in order; must not take long.</param>
    public ObjectWatch(LocalControlPlane plane, string path, Action<Watched> tell)
    {
        _client = plane.CreateClient();
        Api = new ApiServer(_client);
        _running = WatchLoop.RunAsync(Api, path, tell, _stop.Token);
    }

    /// <summary>The connection.</summary>
    public ApiServer Api { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _client.Dispose();
    }
}
