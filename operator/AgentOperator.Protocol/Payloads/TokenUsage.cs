namespace AgentOperator.Protocol;

/// <summary>Tokens used by one or more model calls.</summary>
/// <param name="PromptTokens">Tokens in the request, including cached tokens.</param>
/// <param name="CompletionTokens">Tokens in the answer.</param>
/// <param name="CachedTokens">Request tokens that the provider served from its cache.</param>
public sealed record TokenUsage(long PromptTokens, long CompletionTokens, long CachedTokens)
{
    /// <summary>No tokens.</summary>
    public static TokenUsage Zero { get; } = new(0, 0, 0);

    /// <summary>Prompt plus completion tokens, which is what budgets count.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Total => PromptTokens + CompletionTokens;

    /// <summary>The sum of two usages.</summary>
    public TokenUsage Plus(TokenUsage other) =>
        new(PromptTokens + other.PromptTokens, CompletionTokens + other.CompletionTokens, CachedTokens + other.CachedTokens);
}
