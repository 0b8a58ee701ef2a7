namespace AgentOperator.Tests.Runs;

/// <summary>The process died here.</summary>
internal sealed class CrashException() : Exception("the operator died");
