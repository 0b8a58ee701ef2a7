namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.ContextShortened"/>.</summary>
public sealed record ContextShortenedPayload
{
    /// <summary>Maximum bytes of conversation in requests from this record on.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>The run's limits.maxContextBytes at this record.</summary>
    public required int Limit { get; init; }

    /// <summary>Why the provider refused the longer conversation; null if only the limit changed. Never prompt text.</summary>
    public string? Refusal { get; init; }
}
