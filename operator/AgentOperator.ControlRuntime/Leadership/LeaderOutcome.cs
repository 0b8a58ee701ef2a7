namespace AgentOperator.ControlRuntime;

/// <summary>How a time as a candidate ended.</summary>
internal enum LeaderOutcome
{
    /// <summary>It was asked to stop; if it led, the work had ended and the lease is released.</summary>
    Stopped,

    /// <summary>It led and the lease is lost: another process may lead already. The work had ended; it may run again as a candidate.</summary>
    Lost,
}
