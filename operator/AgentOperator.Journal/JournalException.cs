using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>An append or a read that the journal refuses.</summary>
public sealed class JournalException(string code, string message, long? headSequence = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>With <see cref="ErrorCodes.SequenceConflict"/>: where the journal's head is.</summary>
    public long? HeadSequence { get; } = headSequence;
}
