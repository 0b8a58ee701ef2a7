using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;

namespace AgentOperator.Gateway.Models;

/// <summary>Whether a run may make one more model call.</summary>
internal sealed class RunBudget(IObjectClient<AgentRun> runs, UnusedCalls unused)
{
    /// <summary>
    /// Checks the limits. Before a run is refused, they are read from the API server: the cache may not have seen yet that they were raised.
    /// </summary>
    /// <exception cref="GatewayException">The steps or the tokens are used up.</exception>
    public async Task CheckAsync(AgentRun run, JournalHead head, CancellationToken cancellationToken)
    {
        if (Exhausted(run, head) is not null && Exhausted(await runs.GetNewestAsync(run, cancellationToken), head) is { } limit)
        {
            throw GatewayException.BudgetExhausted(limit);
        }
    }

    private string? Exhausted(AgentRun run, JournalHead head)
    {
        var limits = run.Spec.Limits;
        if (head.Steps >= limits.MaxSteps)
        {
            return $"the run has used its {limits.MaxSteps} steps (spec.limits.maxSteps)";
        }

        // Some calls may not be in the journal yet.
        var uncommitted = unused.Find(run.Metadata.Uid);
        var unusedTokens = head.UnusedTokens + (uncommitted?.Usage.Total ?? 0);
        var used = head.Usage.Total + unusedTokens;
        if (!(used >= limits.MaxTokens))
        {
            return null;
        }

        var calls = head.UnusedModelCalls + (uncommitted?.Calls ?? 0);
        return $"the run has used {used} of its {limits.MaxTokens} tokens (spec.limits.maxTokens)"
            + (unusedTokens == 0
                ? ""
                : $"; {unusedTokens} of them went to {calls} model call{(calls == 1 ? "" : "s")} that brought no usable answer");
    }
}
