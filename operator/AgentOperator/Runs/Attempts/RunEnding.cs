namespace AgentOperator.Runs.Attempts;

/// <summary>Whether a run ends with an attempt.</summary>
internal enum RunEnding
{
    /// <summary>Another attempt may follow.</summary>
    Never,

    /// <summary>The run's end, when it is committed, carries the outcome's name; nobody else ends the run for it.</summary>
    WhenCommitted,

    /// <summary>No attempt follows; the operator commits the run's end where the agent did not.</summary>
    Always,
}
