namespace AgentOperator.Chaos.Agents;

/// <summary>How a model names its tool calls.</summary>
internal enum CallIdStyle
{
    /// <summary>Every call has an id of its own.</summary>
    Unique,

    /// <summary>Each answer begins with the same ids again.</summary>
    Repeated,

    /// <summary>There are none.</summary>
    Missing,
}
