namespace AgentOperator.Api;

/// <summary>What a run has used.</summary>
public sealed record UsageStatus
{
    /// <summary>Prompt tokens, including cached tokens.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Prompt tokens that the provider served from its cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Prompt plus completion tokens, which limits.maxTokens restricts.</summary>
    public long TotalTokens { get; init; }

    /// <summary>Number of paid model answers.</summary>
    public long ModelCalls { get; init; }

    /// <summary>Number of completed tool calls.</summary>
    public long ToolCalls { get; init; }

    /// <summary>Number of journal records that later attempts replayed instead of repeating the work.</summary>
    public long Replayed { get; init; }

    /// <summary>The usage that a journal's records add up to. <see cref="Replayed"/> is 0: it is not in the journal.</summary>
    public static UsageStatus Of(JournalSummary summary) => new()
    {
        PromptTokens = summary.PromptTokens,
        CompletionTokens = summary.CompletionTokens,
        CachedTokens = summary.CachedTokens,
        TotalTokens = summary.PromptTokens + summary.CompletionTokens,
        ModelCalls = summary.ModelCalls,
        ToolCalls = summary.ToolCalls,
    };
}
