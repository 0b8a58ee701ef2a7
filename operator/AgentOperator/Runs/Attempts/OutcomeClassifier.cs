using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs.Recovery;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Classifies how an attempt ended, from its pod and the journal.</summary>
internal static class OutcomeClassifier
{
    private const int KilledExitCode = 137;

    private const string UnaskedStop = "The agent got SIGTERM and stopped with exit code 75, but its pod was neither deleted nor evicted. "
        + "A process in its container may have sent the signal.";

    /// <summary>The end of an attempt whose pod has ended; null while the pod is running.</summary>
    /// <param name="pod">The attempt's pod.</param>
    /// <param name="record">The attempt, with what was seen of its pod earlier.</param>
    /// <param name="snapshot">The run.</param>
    public static AttemptEnd? Classify(V1Pod pod, AttemptStatus record, RunSnapshot snapshot)
    {
        if (!PodFacts.HasEnded(pod))
        {
            return null;
        }

        var terminated = PodFacts.Terminated(pod);
        var end = new AttemptEnd(Outcomes.Error, Times.Of(terminated?.FinishedAt) ?? snapshot.Now)
        {
            ExitCode = terminated?.ExitCode,
            Reason = pod.Status.Reason ?? ReasonOf(terminated),
        };

        // A disruption takes precedence over container states: an evicted container still reports OOMKilled if a child was OOM-killed an hour ago.
        if (Disruptions.OfPod(pod, record) is { } disruption)
        {
            return end with
            {
                Outcome = disruption,
                Reason = pod.Status.Reason ?? Disruptions.Announced(pod, record.Reason) ?? ReasonOf(terminated),
                Message = pod.Status.Message ?? PodFacts.Disruption(pod)?.Message,
                OwnLimit = Disruptions.IsOwnLimit(pod),
            };
        }

        // After deletion, the kubelet may report that the pod ended without the container's state. If it rejected the pod, it may make up that state.
        return terminated is { Reason: "StartError" or "ContainerCannotRun" } ? Stopped(end, pod, exitCode: null, snapshot) ?? NotRun(end, terminated)
            : terminated is not null && !Disruptions.IsLostContainer(terminated) ? OfExit(end, pod, terminated, snapshot)
            : Stopped(end, pod, exitCode: null, snapshot)
                ?? NeverStarted(end, pod);
    }

    /// <summary>The end of an attempt whose pod no longer exists.</summary>
    public static AttemptEnd Gone(AttemptStatus record, RunSnapshot snapshot) =>
        new(Disruptions.OfTarget(record.Reason) ?? (snapshot.Spec.Suspend ? Outcomes.Suspended : Outcomes.PodDeleted), snapshot.Now)
        {
            Reason = record.Reason,
            Message = snapshot.Spec.Suspend ? "Stopped because the run is suspended." : $"Pod {record.Pod} was deleted.",
        };

    /// <summary>A pod that failed without a disruption, and whose agent never started.</summary>
    private static AttemptEnd NeverStarted(AttemptEnd end, V1Pod pod)
    {
        if (!string.IsNullOrEmpty(pod.Status.Reason) || PodContainers.FailedInit(pod) is not { State.Terminated: { } failed } init)
        {
            var message = pod.Status.Message ?? $"Pod {pod.Metadata.Name} failed before the agent started.";
            return end with { Outcome = Outcomes.StartFailed, ExitCode = null, Message = message };
        }

        var said = string.IsNullOrWhiteSpace(failed.Message) ? "." : $": {failed.Message.Trim()}";
        return end with
        {
            Outcome = Outcomes.StartFailed,
            Reason = pod.Status.Reason ?? failed.Reason,
            Message = string.Create(CultureInfo.InvariantCulture, $"Init container '{init.Name}' failed with exit code {failed.ExitCode}{said}"),
        };
    }

    /// <summary>A container that the runtime could not run. Its exit code is the runtime's, not the agent's.</summary>
    private static AttemptEnd NotRun(AttemptEnd end, V1ContainerStateTerminated terminated) =>
        end with { Outcome = Outcomes.StartFailed, Message = $"The agent's container could not be started: {terminated.Message}" };

    /// <summary>
    /// Classifies an agent's exit. OOMKilled means that the kernel OOM-killed some process of the container. If that was the whole container or the
    /// agent, the exit code is 137. If it was only a child, the agent kept running and exited later with its own code, which then decides the
    /// outcome. If no runner uses that code, the OOM kill is the only known cause.
    /// </summary>
    private static AttemptEnd OfExit(AttemptEnd end, V1Pod pod, V1ContainerStateTerminated terminated, RunSnapshot snapshot)
    {
        var report = TerminationReport.Read(terminated.Message);
        var exit = end with
        {
            Reason = pod.Status.Reason ?? report?.Reason ?? end.Reason,
            Message = report?.Message ?? Describe(terminated.ExitCode),
        };
        var outOfMemory = exit with { Outcome = Outcomes.OutOfMemory, Reason = terminated.Reason };
        switch (terminated.ExitCode)
        {
            case RunnerExitCodes.Done:
                return snapshot.Head?.Finished is not null
                    ? exit with { Outcome = Outcomes.Completed }
                    : exit with { Message = "The agent exited with code 0 but committed no result." };
            case RunnerExitCodes.InvalidSpec:
                return exit with { Outcome = Outcomes.InvalidSpec };
            case RunnerExitCodes.BudgetExhausted:
                return exit with { Outcome = Outcomes.BudgetExhausted };
            case RunnerExitCodes.AuthOrQuota:
                return exit with { Outcome = Outcomes.ModelRejected };
            case RunnerExitCodes.EndpointUnavailable when !PodFacts.IsDeleting(pod):
                return exit with { Outcome = Outcomes.EndpointDown };
            case RunnerExitCodes.Fenced when !PodFacts.IsDeleting(pod):
                return exit with { Outcome = Outcomes.Fenced };
            case RunnerExitCodes.OutOfManagedMemory:
                return outOfMemory with { Message = report?.Message ?? OutOfMemory.Message(pod) };
            case KilledExitCode when OutOfMemory.KilledAProcess(terminated):
                return outOfMemory with { Message = OutOfMemory.Message(pod) };
            case RunnerExitCodes.Error or RunnerExitCodes.InternalError when OutOfMemory.KilledAProcess(terminated):
                return Stopped(exit, pod, terminated.ExitCode, snapshot)
                    ?? exit with { Message = $"{exit.Message} One of its processes had been OOM-killed." };
            case RunnerExitCodes.Error or RunnerExitCodes.InternalError:
                return Stopped(exit, pod, terminated.ExitCode, snapshot) ?? exit;
            case RunnerExitCodes.Parked:
                return Stopped(exit, pod, terminated.ExitCode, snapshot) ?? exit with { Message = UnaskedStop };
            default:
                return Stopped(exit, pod, terminated.ExitCode, snapshot) is { } stopped ? stopped
                    : OutOfMemory.KilledAProcess(terminated) ? outOfMemory with { Message = $"{OutOfMemory.ProcessMessage(pod)} {exit.Message}" }
                    : exit;
        }
    }

    /// <summary>What an exit code alone says. One of an OOM kill has its own message.</summary>
    private static string Describe(int exitCode) => exitCode == KilledExitCode
        ? "The agent was killed (SIGKILL, exit code 137), but not for its memory."
        : string.Create(CultureInfo.InvariantCulture, $"The agent exited with code {exitCode}.");

    /// <summary>
    /// The container's reason for outcomes other than OutOfMemory. Drops OOMKilled, which refers to a process that the agent outlived.
    /// </summary>
    private static string? ReasonOf(V1ContainerStateTerminated? terminated) =>
        terminated is null || !OutOfMemory.KilledAProcess(terminated) ? terminated?.Reason
        : terminated.ExitCode == RunnerExitCodes.Done ? "Completed"
        : "Error";

    /// <summary>Classifies an exit that was requested; null if nobody asked the agent to stop.</summary>
    private static AttemptEnd? Stopped(AttemptEnd exit, V1Pod pod, int? exitCode, RunSnapshot snapshot)
    {
        // The exit code 75 alone proves nothing: a process in the container can send SIGTERM, and the agent would never pay for its end.
        var told = exitCode == RunnerExitCodes.Parked ? PodFacts.ToldToStop(pod) : null;
        var isSuspended = snapshot.Spec.Suspend || told == Reasons.Suspended;
        var isParked = exitCode == RunnerExitCodes.Parked && (isSuspended || told is not null || IsDisrupted(pod));
        if (!isParked && !PodFacts.IsDeleting(pod))
        {
            return null;
        }

        return isSuspended
            ? exit with { Outcome = Outcomes.Suspended, Message = $"Stopped because the run {(snapshot.Spec.Suspend ? "is" : "was")} suspended." }
            : told == Reasons.Deleting
                ? exit with { Outcome = Outcomes.PodDeleted, Message = "Stopped because the run is being deleted." }
            : PodFacts.IsDeleting(pod)
                ? exit with { Outcome = Outcomes.PodDeleted, Message = $"Pod {pod.Metadata.Name} was deleted." }
                : exit with { Outcome = Outcomes.Drained, Message = "The agent was asked to stop and saved its state." };
    }

    /// <summary>Whether the cluster ended the pod, for a reason that this version may not know.</summary>
    private static bool IsDisrupted(V1Pod pod) => PodFacts.Disruption(pod) is not null || !string.IsNullOrEmpty(pod.Status.Reason);
}
