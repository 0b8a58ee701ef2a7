using System.Globalization;

namespace AgentOperator.Benchmarks.Runners;

/// <summary>What the kernel says of a process's memory at a moment.</summary>
/// <param name="PeakBytes">The most resident memory so far.</param>
/// <param name="AnonymousBytes">Resident memory that is no page of a file.</param>
internal sealed record MemoryLook(long PeakBytes, long AnonymousBytes)
{
    /// <summary>Looks.</summary>
    /// <returns>Null when the process has given its memory back: it ends.</returns>
    public static MemoryLook? TryTake(int id)
    {
        try
        {
            var lines = File.ReadAllLines($"/proc/{id}/status");
            return Bytes(lines, "VmHWM:") is { } peak && Bytes(lines, "RssAnon:") is { } anonymous ? new MemoryLook(peak, anonymous) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long? Bytes(string[] lines, string field) => lines.FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) is { } line
        ? 1024 * long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB "), CultureInfo.InvariantCulture)
        : null;
}
