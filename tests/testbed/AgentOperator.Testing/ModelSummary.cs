namespace AgentOperator.Testing;

/// <summary>What the scripted model counted of one scenario.</summary>
internal sealed record ModelSummary
{
    /// <summary>Answered calls.</summary>
    public int ModelCalls { get; init; }

    /// <summary>Answered calls that had been answered before.</summary>
    public int RepeatedModelCalls { get; init; }

    /// <summary>Calls that ended in a scripted fault.</summary>
    public int Faults { get; init; }

    /// <summary>Calls that were refused: a conversation that is not what the scenario expects.</summary>
    public int Rejected { get; init; }
}
