namespace AgentOperator.Protocol;

/// <summary>A tool that the model is not told of.</summary>
public sealed record LeftOutTool
{
    /// <summary>The tool's name as the model would be told of it.</summary>
    public required string Tool { get; init; }

    /// <summary>Why, in a few words that end without a period. Shown in the run's status: no prompt text in it.</summary>
    public required string Reason { get; init; }
}
