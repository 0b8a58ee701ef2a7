using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>A provider answered with something that is no chat completion.</summary>
internal sealed class MalformedAnswerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The tokens of an answer that says nothing but these; null if it is not that.</summary>
    public TokenUsage? Nothing { get; init; }
}
