namespace AgentOperator.Api;

/// <summary>Values of a condition's status.</summary>
public static class ConditionStatuses
{
    /// <summary>The condition holds.</summary>
    public const string True = "True";

    /// <summary>The condition does not hold.</summary>
    public const string False = "False";

    /// <summary>It is not known whether the condition holds.</summary>
    public const string Unknown = "Unknown";
}
