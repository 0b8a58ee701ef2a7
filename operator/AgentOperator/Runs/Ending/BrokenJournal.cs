using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Status;

namespace AgentOperator.Runs.Ending;

/// <summary>
/// Fails a run whose journal is missing or unreadable. Starting over would repeat and pay for everything, so the run fails. Without a usable
/// journal, only the status can show the end.
/// </summary>
internal static class BrokenJournal
{
    /// <summary>How long a run without its journal is left alone. Whoever deletes its namespace deletes the two in any order.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static RunPlan Plan(RunSnapshot snapshot, AttemptLog attempts)
    {
        var message = snapshot.JournalFault ?? "The run's journal was deleted, so the run cannot continue.";
        return snapshot.IsJournalMissing && !Phases.IsTerminal(snapshot.Status.Phase) && EndsAt(snapshot) is var due && due > snapshot.Now
            ? Waiting(snapshot, attempts, message, due)
            : Ended(snapshot, attempts, message);
    }

    private static DateTimeOffset EndsAt(RunSnapshot snapshot) =>
        snapshot.Status is { NextAttemptAt: { } due } status && status.FindCondition(ConditionTypes.Running)?.Reason == Reasons.JournalBroken
            ? due
            : Times.RoundUp(snapshot.Now + Patience);

    private static RunPlan Waiting(RunSnapshot snapshot, AttemptLog attempts, string message, DateTimeOffset due)
    {
        var sentence = string.Create(
            CultureInfo.InvariantCulture, $"{message} Unless it is deleted as well, it fails at {due:yyyy-MM-dd'T'HH:mm:ss'Z'}.");
        var status = StatusBuilder.Build(
            snapshot, attempts, new PhaseReport(Phases.Waiting, Reasons.JournalBroken, sentence) { WaitingFor = sentence });
        return new RunPlan([], status with { NextAttemptAt = due }, due);
    }

    private static RunPlan Ended(RunSnapshot snapshot, AttemptLog attempts, string message)
    {
        var now = Times.Whole(snapshot.Now);
        var ended = attempts.IsOpen
            ? attempts.WithCurrent(
                AttemptEnding.Close(
                    attempts.Current!, new AttemptEnd(Outcomes.Error, now) { Reason = Reasons.JournalBroken, Message = message }, snapshot.Head))
            : attempts;
        var status = StatusBuilder.Build(snapshot, ended, new PhaseReport(Phases.Failed, Reasons.JournalBroken, message));
        return new RunPlan(PodCleanup.Of(snapshot, keep: null), status with { FinishedAt = snapshot.Status.FinishedAt ?? now });
    }
}
