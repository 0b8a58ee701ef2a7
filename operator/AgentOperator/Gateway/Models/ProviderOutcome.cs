using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>What one call of a provider came to.</summary>
internal abstract record ProviderOutcome
{
    /// <summary>An answer: it is paid.</summary>
    public sealed record Answered(ModelAnswerPayload Answer) : ProviderOutcome;

    /// <summary>Try again, not before the given time when the provider named one.</summary>
    public sealed record Unavailable(string Reason, TimeSpan? RetryAfter = null) : ProviderOutcome;

    /// <summary>Nothing was sent: the journal holds what came of the step, or the run's end, or another attempt has the run.</summary>
    public sealed record Superseded(JournalHead Head) : ProviderOutcome;

    /// <summary>Nothing was sent: the run has been deleted.</summary>
    public sealed record RunDeleted : ProviderOutcome;

    /// <summary>Trying again does not help, unless it is without the tools that the provider refuses.</summary>
    public sealed record Rejected(string Reason, IReadOnlyList<string>? Tools = null) : ProviderOutcome;
}
