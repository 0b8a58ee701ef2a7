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

    /// <summary>Prompt, completion and unused tokens together, which limits.maxTokens restricts.</summary>
    public long TotalTokens { get; init; }

    /// <summary>Number of paid model answers.</summary>
    public long ModelCalls { get; init; }

    /// <summary>
    /// Number of model calls that brought no usable answer: the provider took longer than the timeout, the connection broke, or the answer could not
    /// be read.
    /// </summary>
    public long UnusedModelCalls { get; init; }

    /// <summary>Tokens of the unused model calls, as the provider reported them, else an estimate.</summary>
    public long UnusedTokens { get; init; }

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
        TotalTokens = summary.PromptTokens + summary.CompletionTokens + summary.UnusedTokens,
        ModelCalls = summary.ModelCalls,
        UnusedModelCalls = summary.UnusedModelCalls,
        UnusedTokens = summary.UnusedTokens,
        ToolCalls = summary.ToolCalls,
    };
}
