using System.Text.Json.Serialization;

namespace AgentOperator.Protocol;

/// <summary>What the reply to a model call holds beside the chat completion.</summary>
/// <param name="Answer">The committed answer; null in replies of gateways from before.</param>
public sealed record CompletionReply([property: JsonPropertyName(Routes.AnswerField)] ModelAnswerPayload? Answer);
