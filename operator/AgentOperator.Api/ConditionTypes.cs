namespace AgentOperator.Api;

/// <summary>Types of the conditions of an AgentRun.</summary>
public static class ConditionTypes
{
    /// <summary>The spec can be carried out. False names the field that cannot.</summary>
    public const string Accepted = "Accepted";

    /// <summary>A pod works on the run now.</summary>
    public const string Running = "Running";

    /// <summary>The model is told of every tool that the spec names. Only there as False: the message names what is left out.</summary>
    public const string ToolsReady = "ToolsReady";

    /// <summary>The run reached its end; the reason says which.</summary>
    public const string Finished = "Finished";
}
