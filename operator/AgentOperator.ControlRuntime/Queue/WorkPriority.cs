namespace AgentOperator.ControlRuntime;

/// <summary>Which keys are worked on first.</summary>
internal enum WorkPriority
{
    /// <summary>Keys of the initial list: most of them need nothing, so after a restart they must not delay what really changed.</summary>
    Low,

    /// <summary>Keys of changes, delays and retries.</summary>
    Normal,
}
