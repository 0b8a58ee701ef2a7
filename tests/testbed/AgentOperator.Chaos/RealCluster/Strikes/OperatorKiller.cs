using System.Collections.Concurrent;
using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Testing;
using k8s;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Strikes operator replicas: the process of any of them, or the pod of the leading one.</summary>
internal sealed class OperatorKiller(Battlefield field) : IStrikeForce
{
    private const string Lease = "agent-operator";
    private readonly ConcurrentDictionary<string, string> _addresses = new();

    /// <summary>The address of a replica that was struck; null when the victim is none.</summary>
    public string? AddressOf(string victim) => _addresses.GetValueOrDefault(victim);

    public Task<string?> StrikeAsync(Strike strike, CancellationToken ct) =>
        strike.Kind == StrikeKind.DeleteLeader ? DeleteLeaderAsync(ct) : KillProcessAsync(strike, ct);

    private async Task<string?> KillProcessAsync(Strike strike, CancellationToken ct)
    {
        var pods = await field.Cluster.Client.CoreV1.ListNamespacedPodAsync(
            TestCluster.OperatorNamespace, labelSelector: "app.kubernetes.io/name=agent-operator", cancellationToken: ct);
        var alive = pods.Items
            .Select(pod => (Pod: pod, Process: field.Processes.Find(pod.Metadata.Uid, PodProcesses.Operator)))
            .Where(found => found.Process is not null)
            .ToList();
        if (alive.Count == 0)
        {
            return null;
        }

        var (victim, process) = alive[strike.Choice % alive.Count];
        _addresses[victim.Metadata.Name] = victim.Status.PodIP;
        return await PodProcesses.SignalAsync(process!, "KILL") ? victim.Metadata.Name : null;
    }

    private async Task<string?> DeleteLeaderAsync(CancellationToken ct)
    {
        var lease = await field.Cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync(Lease, TestCluster.OperatorNamespace, cancellationToken: ct);
        if (lease.Spec.HolderIdentity is not { Length: > 0 } leader)
        {
            return null;
        }

        // It keeps the lease while it stops: deleting it again would hit nothing.
        var pod = await field.Cluster.Client.CoreV1.ReadNamespacedPodAsync(leader, TestCluster.OperatorNamespace, cancellationToken: ct);
        if (pod.Metadata.DeletionTimestamp is not null || field.Processes.Find(pod.Metadata.Uid, PodProcesses.Operator) is null)
        {
            return null;
        }

        _addresses[leader] = pod.Status.PodIP;
        var deleted = await field.Cluster.Kubectl.TryAsync(["delete", "pod", leader, "--namespace", TestCluster.OperatorNamespace, "--wait=false"]);
        return deleted.Succeeded ? leader : null;
    }
}
