using AgentOperator.Api;
using AgentOperator.Protocol;
using AgentOperator.Runs.Recovery;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// The consequences of each outcome: one table that every policy reads. A new outcome needs a row here and in docs/operations.md; a test
/// compares the two.
/// </summary>
internal static class OutcomePolicy
{
    /// <summary>An unknown outcome, written by a later version. It has no consequences.</summary>
    private static readonly OutcomeRow Unknown = new("");

    /// <summary>The table. An outcome's usual row comes first, followed by its special cases.</summary>
    public static IReadOnlyList<OutcomeRow> Rows { get; } =
    [
        new(Outcomes.Completed) { EndsRun = RunEnding.WhenCommitted, IsGood = true },
        new(Outcomes.OutOfMemory) { MayBeToolCall = true },
        new(Outcomes.OutOfMemory, OutcomeCase.MemoryStays) { CostsFailure = true, MayBeToolCall = true, Pause = Pause.WithoutProgress },
        new(Outcomes.OutOfMemory, OutcomeCase.AtMaxMemory) { MayBeToolCall = true, WhoActs = WhoActs.Person },
        new(Outcomes.Evicted) { IsDisruption = true, MayBeToolCall = true, Pause = Pause.AfterSecondInARow },
        new(Outcomes.Evicted, OutcomeCase.OwnLimit) { CostsFailure = true, IsDisruption = true, MayBeToolCall = true, Pause = Pause.WithoutProgress },
        new(Outcomes.Preempted) { IsDisruption = true, Pause = Pause.AfterSecondInARow },
        new(Outcomes.Drained) { IsDisruption = true, Pause = Pause.AfterSecondInARow },
        new(Outcomes.RejectedByNode) { IsDisruption = true, Pause = Pause.AfterSecondInARow },
        new(Outcomes.NodeLost) { IsDisruption = true, Pause = Pause.AfterSecondInARow },
        new(Outcomes.PodDeleted) { IsDisruption = true, Pause = Pause.AfterSecondInARow },
        new(Outcomes.Hung) { CostsFailure = true, MayBeToolCall = true, Pause = Pause.Always },
        new(Outcomes.Error) { CostsFailure = true, MayBeToolCall = true, Pause = Pause.Always },
        new(Outcomes.StartFailed) { Pause = Pause.UntilMended },
        new(Outcomes.EndpointDown) { EndsRun = RunEnding.WhenCommitted, Pause = Pause.UntilMended },
        new(Outcomes.EndpointDown, OutcomeCase.Provider) { EndsRun = RunEnding.WhenCommitted, Pause = Pause.UntilAvailable },
        new(Outcomes.Fenced) { CostsFailure = true, Pause = Pause.Always },
        new(Outcomes.Fenced, OutcomeCase.Diverged) { WhoActs = WhoActs.Person },
        new(Outcomes.Fenced, OutcomeCase.JournalBroken) { EndsRun = RunEnding.Always, WhoActs = WhoActs.Person },
        new(Outcomes.Fenced, OutcomeCase.NewerRecord) { Pause = Pause.UntilMended },
        new(Outcomes.Suspended) { IsGood = true, WhoActs = WhoActs.Person },
        new(Outcomes.InvalidSpec) { EndsRun = RunEnding.Always, WhoActs = WhoActs.Person },
        new(Outcomes.BudgetExhausted) { EndsRun = RunEnding.Always, WhoActs = WhoActs.Person },
        new(Outcomes.DeadlineExceeded) { EndsRun = RunEnding.WhenCommitted, WhoActs = WhoActs.Person },
        new(Outcomes.ModelRejected) { EndsRun = RunEnding.Always, WhoActs = WhoActs.Person },
    ];

    /// <summary>The row of an OOM kill after which the next attempt gets no more memory.</summary>
    public static OutcomeRow MemoryStays { get; } = Find(Outcomes.OutOfMemory, OutcomeCase.MemoryStays);

    /// <summary>The row of an attempt that is ending.</summary>
    public static OutcomeRow Of(AttemptEnd end, AttemptStatus attempt, AgentRunSpec spec) =>
        Find(end.Outcome, end.OwnLimit ? OutcomeCase.OwnLimit : CaseOf(end.Outcome, end.Reason, attempt, spec));

    /// <summary>The row of an attempt that has ended. The status does not distinguish evictions for the pod's own disk limit.</summary>
    public static OutcomeRow Of(AttemptStatus ended, AgentRunSpec spec) => Find(ended.Outcome, CaseOf(ended.Outcome, ended.Reason, ended, spec));

    /// <summary>The usual row of an outcome, for consequences that all its cases share.</summary>
    public static OutcomeRow Usual(string? outcome) => Find(outcome, OutcomeCase.Usual);

    private static OutcomeCase CaseOf(string? outcome, string? reason, AttemptStatus attempt, AgentRunSpec spec) => outcome switch
    {
        Outcomes.OutOfMemory when !OutOfMemory.Raises(spec) => OutcomeCase.MemoryStays,
        Outcomes.OutOfMemory when !OutOfMemory.CanRaise(attempt, spec) => OutcomeCase.AtMaxMemory,
        Outcomes.EndpointDown when reason == TerminationReasons.EndpointUnavailable => OutcomeCase.Provider,
        Outcomes.Fenced when reason == Reasons.Diverged => OutcomeCase.Diverged,
        Outcomes.Fenced when reason == Reasons.JournalBroken => OutcomeCase.JournalBroken,
        Outcomes.Fenced when reason == TerminationReasons.NewerRecord => OutcomeCase.NewerRecord,
        _ => OutcomeCase.Usual,
    };

    private static OutcomeRow Find(string? outcome, OutcomeCase @case) =>
        Rows.FirstOrDefault(row => row.Outcome == outcome && row.Case == @case) ?? Unknown;
}
