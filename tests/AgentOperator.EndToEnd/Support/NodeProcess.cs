using k8s.Models;

namespace AgentOperator.EndToEnd.Support;

/// <summary>Processes of pods as the local cluster's machine sees them: only from outside can a container's first process be killed.</summary>
internal static class NodeProcess
{
    private const string Runner = "AgentRunner";

    /// <summary>Kills a pod's agent by SIGKILL.</summary>
    public static async Task KillAgentAsync(V1Pod pod)
    {
        var id = await Eventually.GetAsync($"the agent's process of pod {pod.Metadata.Name}", () => Task.FromResult(Find(pod)), EndToEndTest.Patience);
        var (program, arguments) = Environment.IsPrivilegedProcess ? ("kill", new[] { "-KILL", id }) : ("sudo", ["kill", "-KILL", id]);
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
