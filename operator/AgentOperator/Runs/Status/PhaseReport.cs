namespace AgentOperator.Runs.Status;

/// <summary>Where a run stands, in the words of its status.</summary>
/// <param name="Phase">One of <see cref="Api.Phases"/>.</param>
/// <param name="Reason">Of the Running condition, and of the Finished one at the end.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record PhaseReport(string Phase, string Reason, string Message)
{
    /// <summary>Whether a pod works on the run.</summary>
    public bool IsRunning { get; init; }

    /// <summary>What the run waits for; null when it does not wait for anybody.</summary>
    public string? WaitingFor { get; init; }

    /// <summary>When the next attempt starts by itself; null to keep the backoff.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
