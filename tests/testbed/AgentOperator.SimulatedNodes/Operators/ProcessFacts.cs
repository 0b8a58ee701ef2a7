using System.Diagnostics;
using System.Globalization;

namespace AgentOperator.SimulatedNodes.Operators;

/// <summary>Starts processes whose output goes to a file, and reads what the kernel says of them.</summary>
internal static class ProcessFacts
{
    /// <summary>Starts a process; the shell only opens the file, so that a full pipe never stops what is measured.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Its variables.</param>
    /// <param name="logFile">The file that its output is added to.</param>
    /// <param name="inherits">Whether it gets this process's variables too.</param>
    public static Process Start(
        string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile, bool inherits = true)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", logFile, file, .. arguments])
        {
            WorkingDirectory = Repository.Root,
        };
        if (!inherits)
        {
            start.Environment.Clear();
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"'{file}' could not be started.");
    }

    /// <summary>Resident memory, in bytes.</summary>
    public static long ResidentBytes(int id) =>
        Bytes(ReadStatus(id), "VmRSS:") ?? throw new InvalidOperationException($"Process {id} has no memory any more.");

    /// <summary>What the kernel says of a process, line by line.</summary>
    public static string[] ReadStatus(int id) => File.ReadAllLines($"/proc/{id}/status");

    /// <summary>A size among what <see cref="ReadStatus"/> gave, in bytes.</summary>
    /// <returns>Null when it is not there: the process has given its memory back.</returns>
    public static long? Bytes(string[] status, string field) =>
        status.FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) is { } line
        ? 1024 * long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB "), CultureInfo.InvariantCulture)
        : null;
}
