using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Chaos.RealCluster.Programs;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Fills a pod's shared memory, which no process owns: the kernel kills until the agent is dead.</summary>
internal sealed class MemoryFiller(Battlefield field) : IStrikeForce
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<string?> StrikeAsync(Strike strike, CancellationToken ct)
    {
        if (field.Choose(strike.Choice, pod => pod.MemoryLimit == ProgramManifests.FirstMemoryLimit) is not { } pod)
        {
            return null;
        }

        // Whether the command itself was killed says nothing.
        await field.Cluster.Kubectl.TryAsync(
            ["exec", pod.Name, "--namespace", field.Namespace, "--", "sh", "-c", "head -c 64M /dev/zero > /dev/shm/full"]);
        return await field.IsGoneAsync(pod, Patience, ct) ? pod.Name : null;
    }
}
