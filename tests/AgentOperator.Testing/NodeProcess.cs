using System.Globalization;
using k8s.Models;

namespace AgentOperator.Testing;

/// <summary>Processes of pods as the local cluster's machine sees them: only from outside can a container's first process be killed or stopped.</summary>
internal static class NodeProcess
{
    private const string Runner = "AgentRunner";
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
    public static async Task SignalAsync(int id, string signal)
    {
        string[] kill = ["kill", $"-{signal}", id.ToString(CultureInfo.InvariantCulture)];
        var command = Environment.IsPrivilegedProcess ? kill : ["sudo", .. kill];
        (await CommandRunner.RunAsync(command[0], command[1..], TimeSpan.FromSeconds(10))).OrThrow();
    }

    /// <summary>Whether a pod's agent is there, stopped or not, whatever the API server says.</summary>
    public static bool IsAgentAlive(V1Pod pod) => Find(pod) is not null;

    private static async Task<int> AgentAsync(V1Pod pod) => int.Parse(
        await Eventually.GetAsync($"the agent's process of pod {pod.Metadata.Name}", () => Task.FromResult(Find(pod)), Patience), CultureInfo.InvariantCulture);

    private static string? Find(V1Pod pod) => Directory.EnumerateDirectories("/proc")
        .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
        .FirstOrDefault(folder => Read(folder, "comm").Trim() == Runner && Read(folder, "cgroup").Contains(pod.Metadata.Uid, StringComparison.Ordinal) && !IsZombie(folder))
        is { } found ? Path.GetFileName(found) : null;

    private static bool IsZombie(string folder) => Read(folder, "status").Contains("\nState:\tZ", StringComparison.Ordinal);

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return "";
        }
    }
}
