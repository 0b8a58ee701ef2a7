namespace AgentRunner.Conversations;

/// <summary>The journal is inconsistent, or holds a record that this build does not understand.</summary>
internal sealed class JournalDefectException(long sequence, string problem)
    : Exception($"The journal cannot be used at record {sequence}: {problem}.")
{
    /// <summary>Whether a later version wrote the record, so that a newer runner can read it.</summary>
    public bool IsNewer { get; init; }
}
