using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Validation;

namespace AgentOperator.Runs;

/// <summary>Finds what the next attempt has to wait for.</summary>
internal static class NextAttemptGate
{
    /// <summary>How often a ConfigMap is looked for: they are not watched.</summary>
    private static readonly TimeSpan TaskRetry = TimeSpan.FromSeconds(15);

    /// <summary>The first thing that holds the next attempt back; null when it may start.</summary>
    public static Hold? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        Suspended(snapshot) ?? Spec(snapshot) ?? Endpoint(snapshot) ?? Task(snapshot) ?? LingeringPod(snapshot) ?? Diverged(snapshot, attempts) ?? Memory(snapshot, attempts)
        ?? BackingOff(snapshot, attempts) ?? Blocked(snapshot, attempts);

    private static Hold? Suspended(RunSnapshot snapshot) =>
        snapshot.Spec.Suspend ? new Hold(new PhaseReport(Phases.Suspended, Reasons.Suspended, "The run is suspended; it goes on when spec.suspend is false.")) : null;

    private static Hold? Spec(RunSnapshot snapshot)
    {
        if (snapshot.SpecViolations.Count > 0)
        {
            return Waiting(Reasons.InvalidSpec, SpecProblems.Describe(snapshot.SpecViolations));
        }

        return snapshot.ChangedFields.Count > 0 ? Waiting(Reasons.ImmutableField, SpecProblems.DescribeChanges(snapshot.ChangedFields)) : null;
    }

    private static Hold? Endpoint(RunSnapshot snapshot) =>
        snapshot.EndpointProblem is { } problem ? Pending(problem.Reason, problem.Message) : null;

    private static Hold? Task(RunSnapshot snapshot) => snapshot.Head is null && snapshot.Task.Missing is { } missing
        ? Pending(Reasons.TaskNotFound, missing) with { CheckAt = snapshot.Now + TaskRetry }
        : null;

    private static Hold? LingeringPod(RunSnapshot snapshot) => PodCleanup.Lingering(snapshot, keep: null) is { } pod
        ? new Hold(new PhaseReport(Phases.Recovering, Reasons.PodTerminating, $"Waiting for pod {pod.Metadata.Name} to stop."), PodFacts.OverdueAt(pod))
        : null;

    /// <summary>What is recorded and what the run would do now differ: a person has to look, and resumes the run when the cause is mended.</summary>
    private static Hold? Diverged(RunSnapshot snapshot, AttemptLog attempts) =>
        attempts.Current is { } last && OutcomePolicy.Of(last, snapshot.Spec).Case == OutcomeCase.Diverged && snapshot.Status.Phase != Phases.Suspended
            ? Waiting(Reasons.Diverged, $"{last.Message} When the cause is mended, suspend the run and resume it.")
            : null;

    private static Hold? Memory(RunSnapshot snapshot, AttemptLog attempts)
    {
        if (attempts.Current is not { } last || !MemoryLadder.IsAtItsEnd(snapshot, last))
        {
            return null;
        }

        var sentence = $"Memory: attempt {last.Number} was killed at {last.MemoryLimit}, the most that the spec allows, before it got anywhere. "
            + $"Raise spec.recovery.outOfMemory.maxMemory above {MemoryQuantity.Format(MemoryLadder.Cap(snapshot.Spec))} to let the run go on.";
        return Waiting(Reasons.MemoryCapReached, sentence);
    }

    private static Hold? BackingOff(RunSnapshot snapshot, AttemptLog attempts) => snapshot.Status.NextAttemptAt is { } next && next > snapshot.Now
        ? new Hold(
            new PhaseReport(
                Phases.Recovering,
                Reasons.BackingOff,
                string.Create(CultureInfo.InvariantCulture, $"Attempt {attempts.Number} ended with {attempts.Current?.Outcome}; the next one starts at {next:yyyy-MM-dd'T'HH:mm:ss'Z'}.")),
            next)
        : null;

    private static Hold? Blocked(RunSnapshot snapshot, AttemptLog attempts) => snapshot.Obstacle is { } obstacle
        ? new Hold(
            new PhaseReport(attempts.Number == 0 ? Phases.Pending : Phases.Recovering, obstacle.Reason, obstacle.Message),
            snapshot.Now + obstacle.RetryAfter)
        : null;

    private static Hold Waiting(string reason, string sentence) => new(new PhaseReport(Phases.Waiting, reason, sentence) { WaitingFor = sentence });

    private static Hold Pending(string reason, string sentence) => new(new PhaseReport(Phases.Pending, reason, sentence) { WaitingFor = sentence });
}
