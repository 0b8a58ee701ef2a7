using System.Text.Json.Serialization;

namespace AgentOperator.ModelServer.Calls;

/// <summary>One line of the call log. It holds no text of any message.</summary>
public sealed record CallRecord
{
    /// <summary>Number of the call in order of arrival, from 1; goes on after a restart when the log has a file.</summary>
    [JsonPropertyName("n")]
    public required long Number { get; init; }

    /// <summary>When the call arrived.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The request's model name; null when the request could not be read.</summary>
    public string? Scenario { get; init; }

    /// <summary>The conversation's identity; null when the request could not be read.</summary>
    public string? Run { get; init; }

    /// <summary>Zero-based step that was asked for: the assistant messages in the request.</summary>
    public int? Step { get; init; }

    /// <summary>SHA-256 of the exact request body, in lower-case hexadecimal.</summary>
    public required string RequestHash { get; init; }

    /// <summary>Messages in the request.</summary>
    public int Messages { get; init; }

    /// <summary>The request's <c>Idempotency-Key</c> header.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>HTTP status that was sent; null when none was.</summary>
    public int? Status { get; init; }

    /// <summary>How the call ended.</summary>
    public required CallOutcome Outcome { get; init; }

    /// <summary>The address that the call came from: which of several replicas made it.</summary>
    public string? Caller { get; init; }

    /// <summary>Milliseconds from the arrival to the moment before the reply was sent.</summary>
    public long DurationMs { get; init; }
}
