using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>Whether a run may make one more model call, or append more records.</summary>
internal sealed class RunBudget(AcceptedRuns runs, UnusedCalls unused)
{
    /// <summary>Checks the limits of model calls.</summary>
    /// <exception cref="GatewayException">The steps, the tokens or the journal's bytes are used up.</exception>
    public Task CheckAsync(AgentRun run, JournalHead head, CancellationToken cancellationToken) =>
        CheckAsync(run, limits => Exhausted(run, limits, head) ?? WithoutRoom(limits, head, bytes: 1), cancellationToken);

    /// <summary>The same for a run that may have been deleted meanwhile. Then there is nothing to check.</summary>
    /// <exception cref="GatewayException">The steps, the tokens or the journal's bytes are used up.</exception>
    public async Task CheckCachedAsync(RunIdentity run, JournalHead head, CancellationToken cancellationToken)
    {
        if (await runs.FindCachedAsync(new ObjectKey(run.Namespace, run.Name), cancellationToken) is { } known)
        {
            await CheckAsync(known, head, cancellationToken);
        }
    }

    /// <summary>Checks whether a runner's records fit into its journal. What the operator writes is not limited.</summary>
    /// <exception cref="GatewayException">They do not.</exception>
    public Task CheckRoomAsync(AgentRun run, JournalHead head, int bytes, CancellationToken cancellationToken) =>
        CheckAsync(run, limits => WithoutRoom(limits, head, bytes), cancellationToken);

    /// <summary>Before a run is refused, its limits are read from the API server: the cache may not have seen yet that they were raised.</summary>
    private async Task CheckAsync(AgentRun run, Func<LimitsSpec, string?> exceeded, CancellationToken cancellationToken)
    {
        if (exceeded(run.Spec.Limits) is not null
            && exceeded((await runs.GetNewestAsync(run, cancellationToken)).Spec.Limits) is { } limit)
        {
            throw GatewayException.BudgetExhausted(limit);
        }
    }

    private static string? WithoutRoom(LimitsSpec limits, JournalHead head, int bytes) =>
        head.Bytes + bytes <= limits.MaxJournalBytes ? null
        : $"the run's journal has {head.Bytes} of its {limits.MaxJournalBytes} bytes (spec.limits.maxJournalBytes), and the next records do not fit";

    private string? Exhausted(AgentRun run, LimitsSpec limits, JournalHead head)
    {
        if (head.Steps >= limits.MaxSteps)
        {
            return $"the run has used its {Counted.Of(limits.MaxSteps, "step")} (spec.limits.maxSteps)";
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
        return $"the run has used {used} of its {Counted.Of(limits.MaxTokens ?? 0, "token")} (spec.limits.maxTokens)"
            + (unusedTokens == 0
                ? ""
                : $"; {unusedTokens} of them went to {Counted.Of(calls, "model call")} that brought no usable answer");
    }
}
