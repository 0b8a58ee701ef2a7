namespace AgentOperator.Api;

/// <summary>Types of the conditions of AgentRuns and ModelEndpoints.</summary>
public static class ConditionTypes
{
    /// <summary>The spec is valid. If False, the message names the invalid field.</summary>
    public const string Accepted = "Accepted";

    /// <summary>A pod is working on the run.</summary>
    public const string Running = "Running";

    /// <summary>Every tool in the spec is offered to the model. Present only as False; the message names the tools left out.</summary>
    public const string ToolsReady = "ToolsReady";

    /// <summary>The run has ended; the reason says how.</summary>
    public const string Finished = "Finished";

    /// <summary>The provider of a ModelEndpoint answers. Unknown until its spec has been used.</summary>
    public const string Available = "Available";
}
