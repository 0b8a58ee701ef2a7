namespace AgentTools;

/// <summary>How a tool call ended.</summary>
public enum ToolEnd
{
    /// <summary>The tool did what it was asked.</summary>
    Succeeded,

    /// <summary>The tool was not run, or said that it failed.</summary>
    Failed,

    /// <summary>The tool may have run, and its result never arrived or could not be read.</summary>
    Unknown,
}
