using AgentOperator.Protocol;

namespace AgentRunner.Loop;

/// <summary>Commit that the run goes on without some tools.</summary>
/// <param name="Tools">The tools.</param>
internal sealed record LeaveOutTools(IReadOnlyList<LeftOutTool> Tools) : NextAction;
