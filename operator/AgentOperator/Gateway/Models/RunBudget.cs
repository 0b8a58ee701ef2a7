using AgentOperator.Api;
using AgentOperator.Journal;

namespace AgentOperator.Gateway.Models;

/// <summary>Whether a run may make one more model call.</summary>
internal static class RunBudget
{
    /// <exception cref="GatewayException">The steps or the tokens are used up.</exception>
    public static void Check(LimitsSpec limits, JournalHead head)
    {
        if (head.Steps >= limits.MaxSteps)
        {
            throw GatewayException.BudgetExhausted($"the run has used its {limits.MaxSteps} steps (spec.limits.maxSteps)");
        }

        if (head.Usage.Total >= limits.MaxTokens)
        {
            throw GatewayException.BudgetExhausted($"the run has used {head.Usage.Total} of its {limits.MaxTokens} tokens (spec.limits.maxTokens)");
        }
    }
}
