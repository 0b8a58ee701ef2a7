using AgentOperator.Protocol;

namespace AgentRunner.Loop;

/// <summary>Commit the run's end.</summary>
/// <param name="End">What is committed.</param>
/// <param name="ExitCode">The process's exit code then.</param>
internal sealed record EndRun(RunFinishedPayload End, int ExitCode) : NextAction;
