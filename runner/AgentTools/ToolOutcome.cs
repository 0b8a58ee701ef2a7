namespace AgentTools;

/// <summary>The outcome of a tool call.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Content">What the model is told: the output, or what went wrong.</param>
/// <param name="TruncatedBytes">How many bytes were cut from the output.</param>
public sealed record ToolOutcome(ToolEnd End, string Content, long TruncatedBytes = 0)
{
    /// <summary>How long the call took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>A failure described by a sentence.</summary>
    public static ToolOutcome Failure(string content) => new(ToolEnd.Failed, content);

    /// <summary>A call that may have taken effect, and what is known about it.</summary>
    public static ToolOutcome Unknown(string content) => new(ToolEnd.Unknown, content);
}
