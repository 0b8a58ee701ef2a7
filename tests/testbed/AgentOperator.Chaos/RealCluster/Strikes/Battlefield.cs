using AgentOperator.Chaos.RealCluster.Machine;
using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>What strikes need: the cluster, its processes, and the pods that can be struck.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Namespace">The namespace of the runs.</param>
/// <param name="Processes">The processes of the cluster's pods.</param>
/// <param name="Filter">The cluster's packet filter.</param>
/// <param name="Pods">The pods of the namespace.</param>
internal sealed record Battlefield(TestCluster Cluster, string Namespace, PodProcesses Processes, PacketFilter Filter, ObjectWatch Pods)
{
    /// <summary>Chooses among the agents' pods that run now.</summary>
    /// <param name="choice">Any number.</param>
    /// <param name="condition">Which pods can be struck.</param>
    /// <returns>Null when there is none.</returns>
    public AgentPod? Choose(int choice, Func<AgentPod, bool>? condition = null)
    {
        var pods = Pods.Objects.Select(AgentPod.Of).OfType<AgentPod>().Where(condition ?? (_ => true)).ToList();
        return pods.Count == 0 ? null : pods[choice % pods.Count];
    }

    /// <summary>The agents' processes that live on the machine.</summary>
    public int CountAgents() => Processes.All(PodProcesses.Runner).Count;

    /// <summary>Waits, unless all is to end now.</summary>
    public static async Task LastAsync(TimeSpan duration, CancellationToken ct) =>
        await Task.Delay(duration, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits until an agent's process is gone.</summary>
    /// <returns>Whether it went before the deadline.</returns>
    public async Task<bool> IsGoneAsync(AgentPod pod, TimeSpan deadline, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(deadline);
        while (Processes.Find(pod.Uid, PodProcesses.Runner) is not null)
        {
            if (timeout.IsCancellationRequested)
            {
                return false;
            }

            await LastAsync(TimeSpan.FromMilliseconds(500), timeout.Token);
        }

        return true;
    }
}
