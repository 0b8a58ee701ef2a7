namespace AgentOperator.ModelServer.Scenarios;

/// <summary>Token counts that an answer reports.</summary>
internal sealed record ScenarioUsage
{
    /// <summary>Prompt tokens, cached ones included.</summary>
    public int Prompt { get; init; }

    /// <summary>Completion tokens.</summary>
    public int Completion { get; init; }

    /// <summary>Prompt tokens that came from the provider's cache. Default: 0.</summary>
    public int Cached { get; init; }
}
