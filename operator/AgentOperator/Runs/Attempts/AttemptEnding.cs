using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;

namespace AgentOperator.Runs.Attempts;

/// <summary>Records the end of the current attempt in the status, with the new failure count and the backoff before the next attempt.</summary>
internal static class AttemptEnding
{
    /// <summary>Maximum size of a reason, in UTF-8 bytes.</summary>
    public const int MaxReasonBytes = 128;

    private const int MaxMessageBytes = 512;

    /// <summary>The status entry of an attempt that has ended.</summary>
    public static AttemptStatus Close(AttemptStatus record, AttemptEnd end, JournalHead? head) => record with
    {
        Outcome = end.Outcome,
        FinishedAt = Times.Whole(end.FinishedAt),
        ExitCode = end.ExitCode,
        Reason = TextLimit.Cut(end.Reason ?? record.Reason, MaxReasonBytes),
        Message = TextLimit.Cut(end.Message, MaxMessageBytes),
        ToSequence = Math.Max(head?.Sequence ?? 0, record.FromSequence ?? 0),
    };

    /// <summary>
    /// The plan that records an attempt's end. It has no actions: the next step happens only after the end is recorded, so that a crash in between
    /// loses neither the outcome nor the failure count.
    /// </summary>
    public static RunPlan Plan(RunSnapshot snapshot, AttemptLog attempts, AttemptEnd end)
    {
        var closed = Close(attempts.Current!, end, snapshot.Head);
        var after = attempts.WithCurrent(closed);
        var progress = HasProgress(closed, snapshot.Head);
        var row = OutOfMemory.IsLowered(after) ? OutcomePolicy.MemoryStays : OutcomePolicy.Of(end, closed, snapshot.Spec);
        var failures = FailureBudget.After(snapshot.Status.Failures ?? 0, row, progress);
        var isHeldBack = row.Pause == Pause.UntilAvailable && snapshot.Outage is not null;
        var pause = isHeldBack ? TimeSpan.Zero : Backoff.After(after, row, progress, failures, snapshot.Spec.Recovery, snapshot.Jitter);
        var status = snapshot.Status with
        {
            Phase = Phases.Recovering,
            Attempt = closed.Number,
            Attempts = after.Records,
            Failures = failures,
            LastExit = closed.Outcome,
            StartedAt = snapshot.Status.StartedAt ?? closed.StartedAt,
            NextAttemptAt = pause > TimeSpan.Zero ? Times.RoundUp(snapshot.Now + pause) : null,
        };
        var next = snapshot.WithStatus(status);
        var log = AttemptLog.Of(next);
        if (RepeatedCrash.IsSuspected(next, log))
        {
            // The next reconcile reads which call it was.
            return new RunPlan([], StatusBuilder.Build(next, log, BetweenAttempts.Starting(log)), snapshot.Now);
        }

        var plan = BetweenAttempts.Plan(next, log);
        return plan.Actions.Count == 0 ? plan : plan with { Actions = [], CheckAt = snapshot.Now };
    }

    /// <summary>Whether an attempt committed a model answer or a tool outcome.</summary>
    public static bool HasProgress(AttemptStatus record, JournalHead? head) => head is not null && head.ProgressSequence > (record.FromSequence ?? 0);
}
