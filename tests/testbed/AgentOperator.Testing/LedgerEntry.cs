namespace AgentOperator.Testing;

/// <summary>Something that a tool did to the outside world.</summary>
internal sealed record LedgerEntry
{
    /// <summary>What makes it one and the same effect.</summary>
    public string Key { get; init; } = "";

    /// <summary>What else the tool said.</summary>
    public string? Note { get; init; }
}
