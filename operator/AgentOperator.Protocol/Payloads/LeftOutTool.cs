namespace AgentOperator.Protocol;

/// <summary>A tool that is not offered to the model.</summary>
public sealed record LeftOutTool
{
    /// <summary>The tool's name as it would be advertised to the model.</summary>
    public required string Tool { get; init; }

    /// <summary>Why, in a few words without a final period. Shown in the run's status, so it must not contain prompt text.</summary>
    public required string Reason { get; init; }
}
