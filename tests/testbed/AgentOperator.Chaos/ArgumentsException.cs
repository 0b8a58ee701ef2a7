namespace AgentOperator.Chaos;

/// <summary>Wrong arguments; the message says what is wrong with them.</summary>
internal sealed class ArgumentsException(string message) : Exception(message);
