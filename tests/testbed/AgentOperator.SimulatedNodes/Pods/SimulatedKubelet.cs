using System.Collections.Concurrent;
using AgentOperator.SimulatedNodes.Cluster;

namespace AgentOperator.SimulatedNodes.Pods;

/// <summary>
/// Scheduler, kubelet and container runtime of all simulated nodes: one watch of a namespace's pods; each is bound, started, run as its workload
/// says, and ended in the API as its container ended.
/// </summary>
/// <param name="api">The API server.</param>
/// <param name="namespaceName">The namespace whose pods are run.</param>
/// <param name="nodes">The nodes they are spread over.</param>
/// <param name="workload">What their containers do.</param>
internal sealed class SimulatedKubelet(ApiServer api, string namespaceName, IReadOnlyList<string> nodes, IWorkload workload) : IDisposable
{
    /// <summary>Calls that the nodes have under way at once: as a few dozen kubelets would, and not a thousand at once from one.</summary>
    private const int MaxCalls = 32;

    private readonly ConcurrentDictionary<string, Container> _containers = new();
    private readonly ConcurrentQueue<string> _defects = new();
    private readonly SemaphoreSlim _calls = new(MaxCalls);
    private readonly PodApi _pods = new(api);
    private int _bound;

    /// <summary>What went wrong in the simulation itself; a run of it in which there is anything proves nothing.</summary>
    public IReadOnlyCollection<string> Defects => _defects;

    /// <summary>Pods that were started so far.</summary>
    public int Started => _bound;

    /// <summary>Runs until it is cancelled; then every container is killed without a word, as when the power goes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await WatchLoop.RunAsync(api, $"api/v1/namespaces/{namespaceName}/pods", watched => See(watched, cancellationToken), cancellationToken);
        await Task.WhenAll(_containers.Values.Select(container => container.Ended));
    }

    public void Dispose() => _calls.Dispose();

    private void See(Watched watched, CancellationToken off)
    {
        var pod = ObservedPod.Read(watched.Object);
        if (watched.Type == "DELETED")
        {
            if (_containers.TryRemove(pod.Uid, out var gone))
            {
                gone.Kill();
            }
        }
        else if (pod.IsDeleting)
        {
            // A pod that never ran here is removed too, because nothing else would.
            var container = _containers.GetOrAdd(pod.Uid, _ => new Container(off));
            container.End(() => RemoveAsync(pod, off));
        }
        else if (!pod.HasEnded && !_containers.ContainsKey(pod.Uid))
        {
            var container = new Container(off);
            _containers[pod.Uid] = container;
            container.Start(() => RunAsync(pod, container, off));
        }
    }

    private Task RunAsync(ObservedPod pod, Container container, CancellationToken off) => GuardAsync(
        pod,
        async () =>
        {
            var node = nodes[Interlocked.Increment(ref _bound) % nodes.Count];
            var since = Now();
            await CallAsync(() => _pods.BindAsync(pod, node, off), off);
            await CallAsync(() => _pods.WriteStatusAsync(pod, PodStatusDocument.Running(pod, since), off), off);
            var exit = await ExitAsync(pod with { Node = node }, container);
            if (exit is not null)
            {
                await CallAsync(() => _pods.WriteStatusAsync(pod, PodStatusDocument.Ended(pod, exit, since, Now()), off), off);
            }
        },
        off);

    private Task RemoveAsync(ObservedPod pod, CancellationToken off) => GuardAsync(pod, () => CallAsync(() => _pods.RemoveAsync(pod, off), off), off);

    private async Task GuardAsync(ObservedPod pod, Func<Task> work, CancellationToken off)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (off.IsCancellationRequested)
        {
            // The power is off.
        }
        catch (Exception exception)
        {
            // Any exception: a pod that hangs because of a defect in the simulation must not look like a defect of the operator.
            _defects.Enqueue($"{pod.Name}: {exception.GetType().Name}: {exception.Message}");
        }
    }

    private async Task<ContainerExit?> ExitAsync(ObservedPod pod, Container container)
    {
        try
        {
            return await workload.RunAsync(pod, container.Killed);
        }
        catch (OperationCanceledException) when (container.IsKilled)
        {
            return null;
        }
    }

    private async Task CallAsync(Func<Task> call, CancellationToken off)
    {
        await _calls.WaitAsync(off);
        try
        {
            await call();
        }
        finally
        {
            _calls.Release();
        }
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
