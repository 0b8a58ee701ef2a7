namespace AgentOperator.Runs.Attempts;

/// <summary>How an attempt ended.</summary>
/// <param name="Outcome">One of <see cref="Api.Outcomes"/>.</param>
/// <param name="FinishedAt">When the attempt ended.</param>
internal sealed record AttemptEnd(string Outcome, DateTimeOffset FinishedAt)
{
    /// <summary>The agent container's exit code; null when there is none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Kubernetes' own reason.</summary>
    public string? Reason { get; init; }

    /// <summary>A human-readable message.</summary>
    public string? Message { get; init; }

    /// <summary>Whether the pod caused its own eviction by exceeding its disk limit. It is likely to happen again.</summary>
    public bool OwnLimit { get; init; }
}
