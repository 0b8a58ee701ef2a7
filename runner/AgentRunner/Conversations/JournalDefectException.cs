namespace AgentRunner.Conversations;

/// <summary>The journal holds what cannot be, or what this build does not understand.</summary>
internal sealed class JournalDefectException(long sequence, string problem)
    : Exception($"The journal cannot be used at record {sequence}: {problem}.")
{
    /// <summary>The record at fault.</summary>
    public long Sequence { get; } = sequence;
}
