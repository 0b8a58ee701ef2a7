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
    public static RunPlan Plan(RunSnapshot snapshot, AttemptLog attempts)
    {
        var message = snapshot.JournalFault ?? "The run's journal was deleted, so the run cannot continue.";
        var now = Times.Whole(snapshot.Now);
        var ended = attempts.IsOpen
            ? attempts.WithCurrent(
                AttemptEnding.Close(
                    attempts.Current!, new AttemptEnd(Outcomes.Error, now) { Reason = Reasons.JournalBroken, Message = message }, snapshot.Head))
            : attempts;
        var status = StatusBuilder.Build(snapshot, ended, new PhaseReport(Phases.Failed, Reasons.JournalBroken, message));
        return new RunPlan(PodCleanup.Of(snapshot, keep: null), status with { FinishedAt = now });
    }
}
