namespace AgentOperator.Runs.Attempts;

/// <summary>When the next attempt waits for a backoff.</summary>
internal enum Pause
{
    /// <summary>It starts at once.</summary>
    None,

    /// <summary>From the second attempt in a row that was disrupted before it got anywhere.</summary>
    AfterSecondInARow,

    /// <summary>Unless the attempt committed something.</summary>
    WithoutProgress,

    /// <summary>Each time; it starts small again after progress.</summary>
    Always,
}
