using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>Whether a run may make one more model call.</summary>
internal static class RunBudget
{
    /// <summary>Checks the limits.</summary>
    /// <param name="limits">The run's limits.</param>
    /// <param name="head">The journal's head.</param>
    /// <param name="uncommitted">Unused calls that the journal does not have yet; null if there are none.</param>
    /// <exception cref="GatewayException">The steps or the tokens are used up.</exception>
    public static void Check(LimitsSpec limits, JournalHead head, ModelCallsUnusedPayload? uncommitted)
    {
        if (head.Steps >= limits.MaxSteps)
        {
            throw GatewayException.BudgetExhausted($"the run has used its {limits.MaxSteps} steps (spec.limits.maxSteps)");
        }

        var unusedTokens = head.UnusedTokens + (uncommitted?.Usage.Total ?? 0);
        var used = head.Usage.Total + unusedTokens;
        if (used >= limits.MaxTokens)
        {
            var unusedCalls = head.UnusedModelCalls + (uncommitted?.Calls ?? 0);
            throw GatewayException.BudgetExhausted(
                $"the run has used {used} of its {limits.MaxTokens} tokens (spec.limits.maxTokens)"
                + (unusedTokens == 0 ? "" : $"; {unusedTokens} of them went to {unusedCalls} model call{(unusedCalls == 1 ? "" : "s")} that brought no usable answer"));
        }
    }
}
