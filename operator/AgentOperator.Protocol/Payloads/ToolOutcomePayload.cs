namespace AgentOperator.Protocol;

/// <summary>
/// Payload of <see cref="RecordKinds.ToolResult"/>, <see cref="RecordKinds.ToolFailed"/> and <see cref="RecordKinds.ToolUnknown"/>.
/// </summary>
public sealed record ToolOutcomePayload
{
    /// <summary>The tool's name.</summary>
    public required string Tool { get; init; }

    /// <summary>The text returned to the model.</summary>
    public required string Content { get; init; }

    /// <summary>Bytes cut from the tool's output; 0 when none.</summary>
    public long TruncatedBytes { get; init; }

    /// <summary>How long the tool ran, in milliseconds.</summary>
    public long DurationMilliseconds { get; init; }
}
