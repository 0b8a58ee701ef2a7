using AgentRunner.Conversations;

namespace AgentRunner.Loop;

/// <summary>Answer a tool call without running anything.</summary>
/// <param name="Call">The call.</param>
/// <param name="Outcome">What the model is told.</param>
internal sealed record AnswerCall(CallState Call, CallOutcome Outcome) : NextAction;
