namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.ToolsListed"/>.</summary>
public sealed record ToolsListedPayload
{
    /// <summary>The tools that the run offers to the model, in the order sent; empty for none.</summary>
    public required IReadOnlyList<OfferedTool> Tools { get; init; }
}
