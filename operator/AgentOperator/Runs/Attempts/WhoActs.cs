namespace AgentOperator.Runs.Attempts;

/// <summary>Who has to act after an attempt's end.</summary>
internal enum WhoActs
{
    /// <summary>Nobody: the operator goes on by itself.</summary>
    Nobody,

    /// <summary>A person.</summary>
    Person,
}
