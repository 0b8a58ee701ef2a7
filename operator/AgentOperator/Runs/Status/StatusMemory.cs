using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs.Status;

/// <summary>The statuses of runs that this process wrote last, and those that the server refused for their texts.</summary>
internal sealed class StatusMemory() : StatusMemory<AgentRun, AgentRunStatus>(run => run.Status, PlainStatus.HaveSameTexts);
