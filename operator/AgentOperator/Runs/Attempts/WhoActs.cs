namespace AgentOperator.Runs.Attempts;

/// <summary>Who must act after an attempt's end.</summary>
internal enum WhoActs
{
    /// <summary>Nobody: the operator continues by itself.</summary>
    Nobody,

    /// <summary>A person.</summary>
    Person,
}
