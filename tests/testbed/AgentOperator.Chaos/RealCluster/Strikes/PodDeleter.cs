using AgentOperator.Chaos.RealCluster.Plan;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Deletes an agent's pod, as somebody with kubectl would.</summary>
internal sealed class PodDeleter(Battlefield field) : IStrikeForce
{
    public async Task<string?> StrikeAsync(Strike strike, CancellationToken ct)
    {
        if (field.Choose(strike.Choice) is not { } pod)
        {
            return null;
        }

        string[] force = strike.Kind == StrikeKind.ForceDeletePod ? ["--force", "--grace-period=0"] : [];
        var deleted = await field.Cluster.Kubectl.TryAsync(["delete", "pod", pod.Name, "--namespace", field.Namespace, "--wait=false", .. force]);
        return deleted.Succeeded ? pod.Name : null;
    }
}
