namespace AgentOperator.Api;

/// <summary>What a run used.</summary>
public sealed record UsageStatus
{
    /// <summary>Tokens of the requests, cached ones included.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of the answers.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Tokens of the requests that the provider had cached.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Prompt and completion tokens together: what limits.maxTokens counts.</summary>
    public long TotalTokens { get; init; }

    /// <summary>Model answers that were paid for.</summary>
    public long ModelCalls { get; init; }

    /// <summary>Tool calls that ended.</summary>
    public long ToolCalls { get; init; }

    /// <summary>Journal records that later attempts read instead of doing the work again.</summary>
    public long Replayed { get; init; }
}
