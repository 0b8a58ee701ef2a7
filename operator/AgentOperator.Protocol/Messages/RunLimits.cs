namespace AgentOperator.Protocol;

/// <summary>The limits of a run.</summary>
/// <param name="MaxSteps">The most model calls.</param>
/// <param name="MaxTokens">The most prompt and completion tokens, all calls together; null for no limit.</param>
/// <param name="StepTimeoutSeconds">How long one tool call or model call may take.</param>
/// <param name="MaxToolOutputBytes">What is kept of one tool's output.</param>
/// <param name="MaxContextBytes">How much conversation is sent to the model before old tool results become stubs.</param>
public sealed record RunLimits(int MaxSteps, long? MaxTokens, int StepTimeoutSeconds, int MaxToolOutputBytes, int MaxContextBytes);
