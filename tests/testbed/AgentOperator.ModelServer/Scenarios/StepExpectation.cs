namespace AgentOperator.ModelServer.Scenarios;

/// <summary>What the last message of a request must be.</summary>
internal sealed record StepExpectation
{
    /// <summary>The last message's role. Default: any.</summary>
    public string? Role { get; init; }

    /// <summary>A piece of the last message's text. Placeholders are filled in. Default: any text.</summary>
    public string? Contains { get; init; }
}
