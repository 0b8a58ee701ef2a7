using AgentOperator.SimulatedNodes.Operators;

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
            var status = ProcessFacts.ReadStatus(id);
            return ProcessFacts.Bytes(status, "VmHWM:") is { } peak && ProcessFacts.Bytes(status, "RssAnon:") is { } anonymous
                ? new MemoryLook(peak, anonymous)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
