using System.Text.Json.Serialization;

namespace AgentOperator.Chaos.RealCluster.Evidence;

/// <summary>A call in the scripted model's own log.</summary>
internal sealed record ModelCall
{
    /// <summary>The outcome of a call that a provider would charge for.</summary>
    public const string Answered = "answered";

    /// <summary>The outcome of a call that is not what the scenario expects.</summary>
    public const string Rejected = "rejected";

    /// <summary>Number of the call in order of arrival.</summary>
    [JsonPropertyName("n")]
    public long Number { get; init; }

    /// <summary>When it arrived.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The scenario.</summary>
    public string? Scenario { get; init; }

    /// <summary>Zero-based step that was asked for.</summary>
    public int? Step { get; init; }

    /// <summary>The address of the replica that made it.</summary>
    public string? Caller { get; init; }

    /// <summary>How it ended.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The HTTP status of its answer.</summary>
    public int? Status { get; init; }

    /// <summary>Milliseconds from its arrival to its answer.</summary>
    public long DurationMs { get; init; }
}
