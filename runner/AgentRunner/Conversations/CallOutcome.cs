namespace AgentRunner.Conversations;

/// <summary>The committed end of a tool call.</summary>
/// <param name="Kind">ToolResult, ToolFailed or ToolUnknown.</param>
/// <param name="Content">What the model is told.</param>
internal sealed record CallOutcome(string Kind, string Content);
