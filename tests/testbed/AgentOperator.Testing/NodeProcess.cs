using System.Globalization;
using k8s.Models;

namespace AgentOperator.Testing;

/// <summary>
/// Processes of pods as the local cluster's machine sees them: only from outside can a container's first process be killed or stopped.
/// </summary>
internal static class NodeProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Sends a pod's agent a signal.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="signal">The signal's name, such as KILL, STOP or CONT.</param>
    public static async Task SignalAgentAsync(V1Pod pod, string signal) => await SignalAsync(await AgentAsync(pod), signal);

    /// <summary>The process by which the container runtime holds a pod's agent. While it is stopped the kubelet cannot end the agent.</summary>
    public static async Task<int> ShimAsync(V1Pod pod)
    {
        var status = await File.ReadAllLinesAsync($"/proc/{await AgentAsync(pod)}/status");
        return int.Parse(status.Single(line => line.StartsWith("PPid:", StringComparison.Ordinal)).Split('\t')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Sends a process a signal.</summary>
    public static async Task SignalAsync(int id, string signal) =>
        (await Root.TryAsync("kill", $"-{signal}", id.ToString(CultureInfo.InvariantCulture))).OrThrow();

    /// <summary>Whether a pod's agent is there, stopped or not, whatever the API server says.</summary>
    public static bool IsAgentAlive(V1Pod pod) => Find(pod) is not null;

    private static async Task<int> AgentAsync(V1Pod pod) =>
        (await Eventually.GetAsync($"the agent's process of pod {pod.Metadata.Name}", () => Task.FromResult(Find(pod)), Patience)).Id;

    private static PodProcess? Find(V1Pod pod) => PodProcesses.OnMachine(PodProcesses.Runner)
        .FirstOrDefault(process => process.Group.Contains(pod.Metadata.Uid, StringComparison.Ordinal) && PodProcesses.IsAlive(process));
}
