using AgentOperator.Chaos.RealCluster.Plan;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Takes a component of the cluster away for a while. One at a time: two together prove no more and leave no time to work.</summary>
internal sealed class ComponentBreaker(Battlefield field) : IStrikeForce, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<string?> StrikeAsync(Strike strike, CancellationToken ct)
    {
        if (!await _gate.WaitAsync(0, ct))
        {
            return null;
        }

        var (component, end, begin) = strike.Kind switch
        {
            StrikeKind.KillApiServer => ("kube-apiserver", "kill", "start"),
            StrikeKind.KillContainerd => ("containerd", "kill", "start"),
            StrikeKind.StopKubelet => ("kubelet", "stop", "start"),
            _ => ("kubelet", "pause", "continue"),
        };
        try
        {
            await field.Cluster.ControlAsync(end, component);
            await Battlefield.LastAsync(strike.Duration, ct);
            return component;
        }
        finally
        {
            await field.Cluster.ControlAsync(begin, component);
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
