namespace AgentOperator.Protocol;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>The agent gave its final answer.</summary>
    Succeeded,

    /// <summary>The run ended without a final answer.</summary>
    Failed,
}
