namespace AgentOperator.Runs.Status;

/// <summary>What differs between two statuses.</summary>
internal enum StatusChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Only how far the agent is: may wait a moment to be written together with more.</summary>
    Progress,

    /// <summary>Something that people and programs wait for.</summary>
    Transition,
}
