namespace AgentRunner.Exits;

/// <summary>How this process exits.</summary>
/// <param name="Code">One of <see cref="AgentOperator.Protocol.RunnerExitCodes"/>.</param>
/// <param name="Reason">One of <see cref="AgentOperator.Protocol.TerminationReasons"/>.</param>
/// <param name="Message">A sentence for people; never prompt text.</param>
internal sealed record RunnerExit(int Code, string Reason, string Message);
