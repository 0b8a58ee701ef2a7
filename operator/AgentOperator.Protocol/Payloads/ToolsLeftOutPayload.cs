namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.ToolsLeftOut"/>.</summary>
public sealed record ToolsLeftOutPayload
{
    /// <summary>The tools that the model is not told of from here on.</summary>
    public required IReadOnlyList<LeftOutTool> Tools { get; init; }
}
