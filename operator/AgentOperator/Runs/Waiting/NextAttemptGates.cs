using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Status;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>The preconditions of the next attempt, in order of precedence.</summary>
internal static class NextAttemptGates
{
    private static readonly IReadOnlyList<IGate> Gates =
    [
        new SuspensionGate(),
        new SpecGate(),
        new EndpointGate(),
        new TaskGate(),
        new LingeringPodGate(),
        new PodNameGate(),
        new DivergenceGate(),
        new MemoryGate(),
        new BackoffGate(),
        new OutageGate(),
        new RejectionGate(),
        new ObstacleGate(),
    ];

    /// <summary>The plan for waiting at the first closed gate; null if the next attempt may start.</summary>
    public static RunPlan? Plan(RunSnapshot snapshot, AttemptLog attempts)
    {
        foreach (var gate in Gates)
        {
            if (gate.Find(snapshot, attempts) is { } blocker)
            {
                var status = StatusBuilder.Build(snapshot, attempts, Report(PhaseOf(gate, attempts), blocker));
                return new RunPlan(PodCleanup.Of(snapshot, keep: null), status, blocker.RetryAt);
            }
        }

        return null;
    }

    /// <summary>No wait is Pending once an attempt has begun.</summary>
    private static string PhaseOf(IGate gate, AttemptLog attempts) =>
        gate.PhaseOf(attempts) is Phases.Waiting or Phases.Recovering && attempts.Number == 0 ? Phases.Pending : gate.PhaseOf(attempts);

    private static PhaseReport Report(string phase, Blocker blocker) =>
        new(phase, blocker.Reason, blocker.Message)
        {
            WaitingFor = phase is Phases.Pending or Phases.Waiting ? blocker.Message : null, NextAttemptAt = blocker.NextAttemptAt,
        };
}
