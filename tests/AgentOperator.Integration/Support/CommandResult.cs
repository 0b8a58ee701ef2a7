namespace AgentOperator.Integration.Support;

/// <summary>How a command ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors);
