namespace AgentOperator.ModelServer.Scenarios;

/// <summary>A scenario that cannot be played; the message says where and why.</summary>
internal sealed class ScenarioFormatException(string message, Exception? inner = null) : FormatException(message, inner);
