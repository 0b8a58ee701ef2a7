using System.Diagnostics.CodeAnalysis;
using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>A journal's state after its last record. Appends are checked against it, and the run's status shows it.</summary>
public sealed record JournalHead : JournalSummary
{
    /// <summary>A head without a summary yet.</summary>
    public JournalHead()
    {
    }

    /// <summary>The head of a journal with this summary.</summary>
    [SetsRequiredMembers]
    public JournalHead(JournalSummary summary, string hash)
        : base(summary) => Hash = hash;

    /// <summary>Hash of the last record's stored bytes.</summary>
    public required string Hash { get; init; }

    /// <summary>Tokens of all committed model answers.</summary>
    public TokenUsage Usage
    {
        get => new(PromptTokens, CompletionTokens, CachedTokens);
        init => (PromptTokens, CompletionTokens, CachedTokens) = (value.PromptTokens, value.CompletionTokens, value.CachedTokens);
    }
}
