namespace AgentOperator.ModelServer;

/// <summary>A wrong command line; the message is for the user.</summary>
internal sealed class CommandLineException(string message) : Exception(message);
