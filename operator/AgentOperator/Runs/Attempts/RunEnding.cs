namespace AgentOperator.Runs.Attempts;

/// <summary>Whether an outcome ends the run.</summary>
internal enum RunEnding
{
    /// <summary>No: another attempt may follow.</summary>
    Never,

    /// <summary>Only if the run's end is committed. The operator does not end the run for it.</summary>
    WhenCommitted,

    /// <summary>Yes. If the agent did not commit the run's end, the operator does.</summary>
    Always,
}
