namespace AgentOperator.Protocol;

/// <summary>The body of every answer that is not a success (<c>application/problem+json</c>).</summary>
public sealed record ProtocolError
{
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/>; a client decides by it, never by the text.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people. Holds no prompt, key or token.</summary>
    public required string Detail { get; init; }

    /// <summary>With <see cref="ErrorCodes.SequenceConflict"/>: the journal's head sequence.</summary>
    public long? HeadSequence { get; init; }

    /// <summary>
    /// With <see cref="ErrorCodes.ModelRejected"/>: the tools of the request that the provider refuses. Without them it may take the request.
    /// </summary>
    public IReadOnlyList<string>? RejectedTools { get; init; }

    /// <summary>When to try again, in seconds; the same as the <c>Retry-After</c> header.</summary>
    public int? RetryAfterSeconds { get; init; }
}
