using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Ending;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using AgentOperator.Runs.Waiting;

namespace AgentOperator.Runs;

/// <summary>Plans for a run without an open attempt: it ends, waits, or starts its next attempt.</summary>
internal static class BetweenAttempts
{
    public static RunPlan Plan(RunSnapshot snapshot, AttemptLog log)
    {
        var attempts = DivergenceGate.Review(snapshot, log);
        if (RepeatedCrash.Find(snapshot, attempts) is { } answer)
        {
            return new RunPlan([answer], StatusBuilder.Build(snapshot, attempts, Starting(attempts)));
        }

        if (FinalFailure.Of(snapshot, attempts) is { } end)
        {
            return new RunPlan([new RunAction.Finish(end)], StatusBuilder.Build(snapshot, attempts, Starting(attempts)));
        }

        if (NextAttemptGates.Plan(snapshot, attempts) is { } waiting)
        {
            return waiting;
        }

        RunAction next = snapshot.Head is null
            ? new RunAction.StartJournal(snapshot.Task.Text!)
            : new RunAction.CreatePod(attempts.Number + 1, OutOfMemory.Next(attempts.Current, snapshot.Spec, snapshot.MemoryRefusal?.Cap));
        return new RunPlan([next], StatusBuilder.Build(snapshot, attempts, Starting(attempts)));
    }

    /// <summary>The status while the next attempt is about to start.</summary>
    public static PhaseReport Starting(AttemptLog attempts) => attempts.Current is { } last
        ? new PhaseReport(Phases.Recovering, Reasons.Recovering, $"Attempt {last.Number} ended with {last.Outcome}; the next one is starting.")
        : new PhaseReport(Phases.Pending, Reasons.NotStarted, "The first attempt is starting.");
}
