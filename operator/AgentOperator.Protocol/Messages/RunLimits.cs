namespace AgentOperator.Protocol;

/// <summary>The limits of a run.</summary>
/// <param name="MaxSteps">Maximum number of model calls.</param>
/// <param name="MaxTokens">Maximum prompt and completion tokens across all calls; null for no limit.</param>
/// <param name="StepTimeoutSeconds">How long one tool call or model call may take.</param>
/// <param name="MaxToolOutputBytes">Maximum size of one tool's output; the rest is cut.</param>
/// <param name="MaxContextBytes">Maximum size of the conversation sent to the model; beyond it, old tool results are replaced by stubs.</param>
public sealed record RunLimits(int MaxSteps, long? MaxTokens, int StepTimeoutSeconds, int MaxToolOutputBytes, int MaxContextBytes);
