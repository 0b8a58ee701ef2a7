namespace AgentTools;

/// <summary>The counters of a memory control group.</summary>
/// <param name="OutOfMemoryKills">How many of its processes the kernel has killed for memory.</param>
/// <param name="LimitBytes">Its limit; null for none.</param>
/// <param name="PeakBytes">The most it has used; null when the kernel does not say.</param>
public sealed record MemoryCounters(long OutOfMemoryKills, long? LimitBytes, long? PeakBytes);
