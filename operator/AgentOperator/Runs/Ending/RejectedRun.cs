using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Status;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Ending;

/// <summary>Fails a run whose spec is invalid before it starts. It is not retried.</summary>
internal static class RejectedRun
{
    public static bool Applies(RunSnapshot snapshot) => snapshot.SpecViolations.Count > 0 && !snapshot.Started;

    public static RunPlan Plan(RunSnapshot snapshot)
    {
        var report = new PhaseReport(Phases.Failed, Reasons.InvalidSpec, SpecProblems.Describe(snapshot.SpecViolations));
        var status = StatusBuilder.Build(snapshot, new AttemptLog { Records = [] }, report);
        return new RunPlan([], status with { FinishedAt = snapshot.Status.FinishedAt ?? Times.Whole(snapshot.Now) });
    }
}
