namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.ToolsLeftOut"/>.</summary>
public sealed record ToolsLeftOutPayload
{
    /// <summary>The tools that are not offered to the model from this record on.</summary>
    public required IReadOnlyList<LeftOutTool> Tools { get; init; }
}
