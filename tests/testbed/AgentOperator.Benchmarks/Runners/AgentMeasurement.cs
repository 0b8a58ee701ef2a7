namespace AgentOperator.Benchmarks.Runners;

/// <summary>What an agent's process took.</summary>
/// <param name="ToFirstCall">From the moment before the process was started until its first call arrived at the model.</param>
/// <param name="PeakBytes">The most resident memory, as the kernel keeps it.</param>
/// <param name="PeakAnonymousBytes">The most of it that was the process's own, and no page of a file: the highest of all looks.</param>
/// <param name="Duration">From the start to the end.</param>
internal sealed record AgentMeasurement(TimeSpan ToFirstCall, long PeakBytes, long PeakAnonymousBytes, TimeSpan Duration);
