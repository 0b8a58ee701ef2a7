using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.ModelAnswer"/>: everything needed to rebuild later requests exactly.</summary>
public sealed record ModelAnswerPayload
{
    /// <summary>The <see cref="FinishReason"/> of an answer that was paid and that no record can hold. It has neither text nor calls.</summary>
    public const string TooLarge = "too_large";

    /// <summary>The model as the provider named it.</summary>
    public required string Model { get; init; }

    /// <summary>The answer's text as it was written, with any reasoning in tags; null when there was none.</summary>
    public string? Text { get; init; }

    /// <summary>Reasoning text, which some providers require in later requests; null when there was none.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The tool calls, in the model's order.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>
    /// The provider's finish reason: <c>stop</c>, <c>tool_calls</c>, <c>length</c> or <c>content_filter</c>, however the provider spells it; else the
    /// provider's own word. <c>tool_calls</c> without calls means that they were announced and could not be read.
    /// </summary>
    public required string FinishReason { get; init; }

    /// <summary>
    /// The other fields of the provider's message (signatures, encrypted reasoning, content in parts). Later requests send them back unchanged. Null
    /// when there are none.
    /// </summary>
    public JsonElement? Extra { get; init; }

    /// <summary>The ModelEndpoint that answered in place of the run's own; null if that one answered.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Lower-case hex SHA-256 of the body of the runner's request. Null in answers of older gateways.</summary>
    public string? RequestHash { get; init; }

    /// <summary>Tokens used by the call.</summary>
    public TokenUsage Usage { get; init; } = TokenUsage.Zero;
}
