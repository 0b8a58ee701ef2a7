namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.ModelAnswer"/>: everything needed to rebuild later requests exactly.</summary>
public sealed record ModelAnswerPayload
{
    /// <summary>The model as the provider named it.</summary>
    public required string Model { get; init; }

    /// <summary>The answer's text; null when there was none.</summary>
    public string? Text { get; init; }

    /// <summary>Reasoning text, which some providers require in later requests; null when there was none.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The tool calls, in the model's order.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>The provider's finish reason, normalized: <c>stop</c>, <c>tool_calls</c>, <c>length</c> or <c>content_filter</c>.</summary>
    public required string FinishReason { get; init; }

    /// <summary>Tokens used by the call.</summary>
    public TokenUsage Usage { get; init; } = TokenUsage.Zero;
}
