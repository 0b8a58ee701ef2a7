using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster.Machine;

/// <summary>Leaves the cluster as it should be, whatever struck it and whoever was interrupted.</summary>
internal sealed class ClusterMender(string cluster, PodProcesses processes, PacketFilter filter)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Continues what is stopped, starts what is not running, removes the packet filter's rules, and waits until the node is ready.
    /// </summary>
    /// <exception cref="InvalidOperationException">A component cannot be started; the message has the end of its log.</exception>
    public async Task MendAsync()
    {
        foreach (var component in (string[])["kubelet", "containerd", "kube-apiserver"])
        {
            // It says so when the component does not run: starting it is what follows.
            await ClusterAsync("continue", component);
        }

        foreach (var agent in processes.All(PodProcesses.Runner))
        {
            await PodProcesses.SignalAsync(agent, "CONT");
        }

        await filter.MendAllAsync();
        (await ClusterAsync("up")).OrThrow();
    }

    private Task<CommandResult> ClusterAsync(params string[] arguments) =>
        CommandRunner.RunAsync(Repository.PathOf("tests/testbed/cluster/cluster"), [.. arguments, "--name", cluster], Deadline);
}
