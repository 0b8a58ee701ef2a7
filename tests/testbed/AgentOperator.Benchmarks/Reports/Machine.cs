using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentOperator.Benchmarks.Reports;

/// <summary>What was measured on, when, and which commit.</summary>
internal static class Machine
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Fact>> DescribeAsync(Arguments arguments)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024.0 / 1024 / 1024;
        return
        [
            new(
                "machine",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Environment.ProcessorCount} cores, {memory:0} GiB, {RuntimeInformation.OSDescription}; the control plane, the operator, the "
                        + $"simulated nodes and the model share it")),
            new("date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            new("commit", await GitAsync("describe", "--always", "--dirty")),
            new("runtime", RuntimeInformation.FrameworkDescription),
            new("load average when it ended", (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]),
            new(
                "arguments",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{arguments.Runs} runs, {string.Join(" ", arguments.Retained)} retained, {arguments.Repetitions} repetitions")),
        ];
    }

    private static async Task<string> GitAsync(params string[] arguments) =>
        (await CommandRunner.RunAsync("git", arguments, Deadline)).OrThrow().Output.Trim();
}
