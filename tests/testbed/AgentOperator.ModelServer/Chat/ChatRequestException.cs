namespace AgentOperator.ModelServer.Chat;

/// <summary>A request that a provider would refuse; the message says why.</summary>
internal sealed class ChatRequestException(string message, Exception? inner = null) : Exception(message, inner);
