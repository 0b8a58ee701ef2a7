using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>The journal rejected an append or a read.</summary>
public sealed class JournalException(string code, string message, long? headSequence = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>With <see cref="ErrorCodes.JournalBroken"/>: whether a part of the journal is missing, as while its namespace is deleted.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>With <see cref="ErrorCodes.SequenceConflict"/>: the head's sequence.</summary>
    public long? HeadSequence { get; } = headSequence;
}
