namespace AgentOperator.ModelServer.Calls;

/// <summary>Counts of one run's calls.</summary>
public sealed record RunSummary
{
    /// <summary>The scenario that it played.</summary>
    public string? Scenario { get; init; }

    /// <summary>The conversation's identity.</summary>
    public string? Run { get; init; }

    /// <summary>Answered calls.</summary>
    public int ModelCalls { get; init; }

    /// <summary>Answered calls whose exact request, or whose step of the same run, had been answered before.</summary>
    public int RepeatedModelCalls { get; init; }

    /// <summary>Calls that ended in a fault or were dropped.</summary>
    public int Faults { get; init; }

    /// <summary>Calls that were refused.</summary>
    public int Rejected { get; init; }

    /// <summary>Calls whose caller went away before the answer was sent.</summary>
    public int ClientGone { get; init; }

    /// <summary>Highest step that was answered; null when none was.</summary>
    public int? LastStep { get; init; }
}
