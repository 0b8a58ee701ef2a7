namespace AgentOperator.ControlRuntime;

/// <summary>What differs between two statuses.</summary>
public enum StatusChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Only how far the work is: may wait a moment to be written together with more.</summary>
    Progress,

    /// <summary>Something that people and programs wait for.</summary>
    Transition,
}
