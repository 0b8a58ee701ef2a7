namespace AgentOperator.Tests.Runs;

/// <summary>Thrown where a test lets the operator die.</summary>
internal sealed class CrashException() : Exception("the operator died");
