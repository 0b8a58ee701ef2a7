using System.Globalization;

namespace AgentOperator.Testing;

/// <summary>The processes of one local cluster's pods, frozen or not, whatever the API server knows of them.</summary>
internal sealed class PodProcesses(string cluster)
{
    /// <summary>The agent's program.</summary>
    public const string Runner = "AgentRunner";

    /// <summary>The operator's program.</summary>
    public const string Operator = "dotnet";

    /// <summary>All processes of a program.</summary>
    public IReadOnlyList<PodProcess> All(string name) =>
        [.. OnMachine(name).Where(process => process.Group.Contains($"agentoperator-{cluster}/", StringComparison.Ordinal))];

    /// <summary>A pod's process of a program; null when there is none.</summary>
    public PodProcess? Find(string podUid, string name) =>
        All(name).FirstOrDefault(process => process.Group.Contains(podUid, StringComparison.Ordinal));

    /// <summary>The machine's processes of a program, whoever's they are.</summary>
    public static IEnumerable<PodProcess> OnMachine(string name) => Directory.EnumerateDirectories("/proc")
        .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Read(folder, "comm").Trim() == name)
        .Select(folder => new PodProcess(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), name, Read(folder, "cgroup")));

    /// <summary>What a process's status says; empty when it has ended.</summary>
    public static string StatusOf(PodProcess process) => Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}"), "status");

    /// <summary>Whether a process is there, stopped or not; one that only waits to be asked how it ended is not.</summary>
    public static bool IsAlive(PodProcess process) =>
        StatusOf(process) is { Length: > 0 } status && !status.Contains("\nState:\tZ", StringComparison.Ordinal);

    /// <summary>Sends a signal.</summary>
    /// <returns>Whether the process was there to get it.</returns>
    public static async Task<bool> SignalAsync(PodProcess process, string signal) =>
        (await Root.TryAsync("kill", $"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture))).Succeeded;

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
