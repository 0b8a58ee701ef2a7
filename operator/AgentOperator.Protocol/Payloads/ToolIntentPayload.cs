namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.ToolIntent"/>.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Effect">The tool's effect class from the spec.</param>
public sealed record ToolIntentPayload(string Tool, ToolEffect Effect);
