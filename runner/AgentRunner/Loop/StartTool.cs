using AgentOperator.Protocol;
using AgentRunner.Conversations;

namespace AgentRunner.Loop;

/// <summary>Run a tool.</summary>
/// <param name="Call">The call.</param>
/// <param name="Effect">What running it does to the world.</param>
/// <param name="CommitIntent">Whether the intent must be committed first.</param>
internal sealed record StartTool(CallState Call, ToolEffect Effect, bool CommitIntent) : NextAction;
