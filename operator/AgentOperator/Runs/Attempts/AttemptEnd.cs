namespace AgentOperator.Runs.Attempts;

/// <summary>How an attempt ended.</summary>
/// <param name="Outcome">One of <see cref="Api.Outcomes"/>.</param>
/// <param name="FinishedAt">When.</param>
internal sealed record AttemptEnd(string Outcome, DateTimeOffset FinishedAt)
{
    /// <summary>The agent container's exit code; null when there is none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What Kubernetes gave as the reason.</summary>
    public string? Reason { get; init; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }

    /// <summary>True when a disruption was the pod's own doing (it used more disk than its limit) and will come again.</summary>
    public bool OwnLimit { get; init; }
}
