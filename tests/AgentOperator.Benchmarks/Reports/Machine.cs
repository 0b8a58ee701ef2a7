using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentOperator.Benchmarks.Reports;

/// <summary>What was measured on, when, and which commit.</summary>
internal static class Machine
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<(string Name, string Value)>> DescribeAsync(Arguments arguments)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024.0 / 1024 / 1024;
        return
        [
            ("machine", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {memory:0} GiB, {RuntimeInformation.OSDescription}; the control plane, the operator, the simulated nodes and the model share it")),
            ("date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            ("commit", await GitAsync("describe", "--always", "--dirty")),
            ("runtime", RuntimeInformation.FrameworkDescription),
            ("load average when it ended", (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]),
            ("arguments", string.Create(CultureInfo.InvariantCulture, $"{arguments.Runs} runs, {string.Join(" ", arguments.Retained)} retained, {arguments.Repetitions} repetitions")),
        ];
    }

    private static async Task<string> GitAsync(params string[] arguments) => (await CommandRunner.RunAsync("git", arguments, Deadline)).OrThrow().Output.Trim();
}
