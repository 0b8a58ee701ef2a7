using AgentOperator.Gateway.Models.Answers;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>What an answer cost that could not be used.</summary>
internal static class UnusedAnswer
{
    /// <summary>Whether the provider worked for it: it counted tokens, began an answer, or sent one that cannot be read.</summary>
    /// <param name="response">The answer, which was not taken as one.</param>
    /// <param name="usage">The tokens that the provider counted; null if it counted none.</param>
    public static bool IsPaid(ProviderResponse response, out TokenUsage? usage)
    {
        usage = ReportedUsage.Of(response.Body) is { Total: > 0 } reported ? reported : null;
        return usage is not null || response.HasBegun
            || (response.IsSuccess && response.LooksLikeJson && ProviderError.Read(response.Body) is null);
    }
}
