namespace AgentOperator.Protocol;

/// <summary>The body of every error response (<c>application/problem+json</c>).</summary>
public sealed record ProtocolError
{
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/>. Clients must act on the code, never on the text.</summary>
    public required string Code { get; init; }

    /// <summary>A human-readable message. Contains no prompt, key or token.</summary>
    public required string Detail { get; init; }

    /// <summary>With <see cref="ErrorCodes.SequenceConflict"/>: the journal's head sequence.</summary>
    public long? HeadSequence { get; init; }

    /// <summary>
    /// With <see cref="ErrorCodes.ModelRejected"/>: the tools that the provider rejects. It may accept the request without them.
    /// </summary>
    public IReadOnlyList<string>? RejectedTools { get; init; }

    /// <summary>
    /// With <see cref="ErrorCodes.ContextTooLong"/>: the request's size as the provider counts it, mostly in tokens. Present together with
    /// <see cref="MaxRequestSize"/>.
    /// </summary>
    public long? RequestSize { get; init; }

    /// <summary>With <see cref="ErrorCodes.ContextTooLong"/>: the largest size that the provider takes.</summary>
    public long? MaxRequestSize { get; init; }

    /// <summary>Seconds until a retry makes sense; same as the <c>Retry-After</c> header.</summary>
    public int? RetryAfterSeconds { get; init; }
}
