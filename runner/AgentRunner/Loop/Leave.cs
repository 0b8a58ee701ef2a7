using AgentOperator.Protocol;

namespace AgentRunner.Loop;

/// <summary>Nothing is left to do: the end is committed.</summary>
/// <param name="End">What is committed.</param>
internal sealed record Leave(RunFinishedPayload End) : NextAction;
