using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;

namespace AgentOperator.Gateway.Models;

/// <summary>Whether a run may make one more model call.</summary>
internal sealed class RunBudget(IObjectClient<AgentRun> runs)
{
    /// <summary>
    /// Checks the limits. Before a run is refused, they are read from the API server: the cache may not have seen yet that they were raised.
    /// </summary>
    /// <exception cref="GatewayException">The steps or the tokens are used up.</exception>
    public async Task CheckAsync(AgentRun run, JournalHead head, CancellationToken cancellationToken)
    {
        if (Exhausted(run.Spec.Limits, head) is not null
            && Exhausted((await runs.GetNewestAsync(run, cancellationToken)).Spec.Limits, head) is { } limit)
        {
            throw GatewayException.BudgetExhausted(limit);
        }
    }

    private static string? Exhausted(LimitsSpec limits, JournalHead head) =>
        head.Steps >= limits.MaxSteps ? $"the run has used its {limits.MaxSteps} steps (spec.limits.maxSteps)"
        : head.Usage.Total >= limits.MaxTokens ? $"the run has used {head.Usage.Total} of its {limits.MaxTokens} tokens (spec.limits.maxTokens)"
        : null;
}
