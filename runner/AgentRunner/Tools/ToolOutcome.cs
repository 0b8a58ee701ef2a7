namespace AgentRunner.Tools;

/// <summary>What came of a tool call.</summary>
/// <param name="Failed">Whether it failed, so that <paramref name="Content"/> is an error.</param>
/// <param name="Content">What the model is told.</param>
/// <param name="TruncatedBytes">How many bytes were cut from the output.</param>
internal sealed record ToolOutcome(bool Failed, string Content, long TruncatedBytes = 0)
{
    /// <summary>How long the call took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>A failure that says no more than a sentence.</summary>
    public static ToolOutcome Failure(string content) => new(true, content);
}
