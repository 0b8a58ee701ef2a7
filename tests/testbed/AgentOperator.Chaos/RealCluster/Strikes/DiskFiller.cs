using AgentOperator.Chaos.RealCluster.Plan;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Has a pod use more disk than it may, and waits until the kubelet has evicted it.</summary>
internal sealed class DiskFiller(Battlefield field) : IStrikeForce
{
    /// <summary>The kubelet looks every ten seconds, at figures that are as old.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<string?> StrikeAsync(Strike strike, CancellationToken ct)
    {
        if (field.Choose(strike.Choice) is not { } pod)
        {
            return null;
        }

        var filled = await field.Cluster.Kubectl.TryAsync(
            ["exec", pod.Name, "--namespace", field.Namespace, "--", "sh", "-c", "head -c 64M /dev/zero > /workspace/full"]);
        if (!filled.Succeeded)
        {
            return null;
        }

        await field.IsGoneAsync(pod, Patience, ct);
        return field.Pods.Find(pod.Name) is { } seen
            && seen.GetProperty("status").TryGetProperty("reason", out var reason) && reason.GetString() == "Evicted"
                ? pod.Name
                : null;
    }
}
