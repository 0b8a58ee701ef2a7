namespace AgentOperator.Gateway.Models;

/// <summary>A provider answered with something that is no chat completion.</summary>
internal sealed class MalformedAnswerException(string message, Exception? inner = null) : Exception(message, inner);
