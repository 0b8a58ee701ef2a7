namespace AgentOperator.Protocol;

/// <summary>Tokens of one model call, or of many.</summary>
/// <param name="PromptTokens">Tokens of the request, cached ones included.</param>
/// <param name="CompletionTokens">Tokens of the answer.</param>
/// <param name="CachedTokens">Tokens of the request that the provider had cached.</param>
public sealed record TokenUsage(long PromptTokens, long CompletionTokens, long CachedTokens)
{
    /// <summary>No tokens.</summary>
    public static TokenUsage Zero { get; } = new(0, 0, 0);

    /// <summary>Prompt and completion tokens together: what a budget counts.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Total => PromptTokens + CompletionTokens;

    /// <summary>The sum of two usages.</summary>
    public TokenUsage Plus(TokenUsage other) =>
        new(PromptTokens + other.PromptTokens, CompletionTokens + other.CompletionTokens, CachedTokens + other.CachedTokens);
}
