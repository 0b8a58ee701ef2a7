using k8s.Models;

namespace AgentOperator.Testing;

/// <summary>Processes of pods as the local cluster's machine sees them: only from outside can a container's first process be killed.</summary>
internal static class NodeProcess
{
    private const string Runner = "AgentRunner";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Sends a pod's agent a signal.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="signal">The signal's name, such as KILL, STOP or CONT.</param>
    public static async Task SignalAgentAsync(V1Pod pod, string signal)
    {
        var id = await Eventually.GetAsync($"the agent's process of pod {pod.Metadata.Name}", () => Task.FromResult(Find(pod)), Patience);
        var (program, arguments) = Environment.IsPrivilegedProcess ? ("kill", new[] { $"-{signal}", id }) : ("sudo", ["kill", $"-{signal}", id]);
        (await CommandRunner.RunAsync(program, arguments, TimeSpan.FromSeconds(10))).OrThrow();
    }

    private static string? Find(V1Pod pod) => Directory.EnumerateDirectories("/proc")
        .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
        .FirstOrDefault(folder => Read(folder, "comm").Trim() == Runner && Read(folder, "cgroup").Contains(pod.Metadata.Uid, StringComparison.Ordinal))
        is { } found ? Path.GetFileName(found) : null;

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
