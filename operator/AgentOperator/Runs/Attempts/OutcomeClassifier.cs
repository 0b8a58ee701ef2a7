using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs.Recovery;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Says how an attempt ended, from its pod and the journal.</summary>
internal static class OutcomeClassifier
{
    private const int KilledExitCode = 137;

    /// <summary>The end of an attempt whose pod has ended; null while the pod has not.</summary>
    /// <param name="pod">The attempt's pod.</param>
    /// <param name="record">The attempt, with what was seen of its pod before.</param>
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

        // Whoever took the pod away comes first: a container whose child was killed for memory an hour ago says OOMKilled when its pod is evicted.
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

        // A kubelet that has stopped a deleted pod may tell its end and no longer its container's.
        return terminated is not null ? OfExit(end, pod, terminated, snapshot)
            : Stopped(end, pod, exitCode: null, snapshot)
                ?? NeverStarted(end, pod);
    }

    /// <summary>The end of an attempt whose pod is gone from the server.</summary>
    public static AttemptEnd Gone(AttemptStatus record, RunSnapshot snapshot) =>
        new(Disruptions.OfTarget(record.Reason) ?? (snapshot.Spec.Suspend ? Outcomes.Suspended : Outcomes.PodDeleted), snapshot.Now)
        {
            Reason = record.Reason,
            Message = snapshot.Spec.Suspend ? "Stopped because the run is suspended." : $"Pod {record.Pod} was deleted.",
        };

    /// <summary>A pod that failed although nobody took it away, and whose agent never ran.</summary>
    private static AttemptEnd NeverStarted(AttemptEnd end, V1Pod pod)
    {
        if (PodContainers.FailedInit(pod) is not { State.Terminated: { } failed } init)
        {
            var message = pod.Status.Message ?? $"Pod {pod.Metadata.Name} failed before the agent started.";
            return end with { Outcome = Outcomes.StartFailed, Message = message };
        }

        var said = string.IsNullOrWhiteSpace(failed.Message) ? "." : $": {failed.Message.Trim()}";
        return end with
        {
            Outcome = Outcomes.StartFailed,
            Reason = pod.Status.Reason ?? failed.Reason,
            Message = string.Create(CultureInfo.InvariantCulture, $"Init container '{init.Name}' failed with exit code {failed.ExitCode}{said}"),
        };
    }

    /// <summary>
    /// The end by the agent's exit. OOMKilled says that the kernel killed a process of the container for memory, not which one. Where it kills the
    /// whole container, or the agent itself, the exit code is 137. Where it kills a child only, the agent lives on and exits later with a code of its
    /// own: what that code says is the outcome, and a code that no runner uses leaves the kill as the only cause that is known.
    /// </summary>
    private static AttemptEnd OfExit(AttemptEnd end, V1Pod pod, V1ContainerStateTerminated terminated, RunSnapshot snapshot)
    {
        var report = TerminationReport.Read(terminated.Message);
        var exit = end with
        {
            Reason = pod.Status.Reason ?? report?.Reason ?? end.Reason,
            Message = report?.Message ?? string.Create(CultureInfo.InvariantCulture, $"The agent exited with code {terminated.ExitCode}."),
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
                    ?? exit with { Message = $"{exit.Message} One of its processes had been killed for memory." };
            case RunnerExitCodes.Error or RunnerExitCodes.InternalError or RunnerExitCodes.Parked:
                return Stopped(exit, pod, terminated.ExitCode, snapshot) ?? exit;
            default:
                return Stopped(exit, pod, terminated.ExitCode, snapshot) is { } stopped ? stopped
                    : OutOfMemory.KilledAProcess(terminated) ? outOfMemory with { Message = $"{OutOfMemory.ProcessMessage(pod)} {exit.Message}" }
                    : exit;
        }
    }

    /// <summary>
    /// The container's reason, as an outcome other than OutOfMemory shows it: without OOMKilled, which is about a process that the agent outlived.
    /// </summary>
    private static string? ReasonOf(V1ContainerStateTerminated? terminated) =>
        terminated is null || !OutOfMemory.KilledAProcess(terminated) ? terminated?.Reason
        : terminated.ExitCode == RunnerExitCodes.Done ? "Completed"
        : "Error";

    /// <summary>An exit that follows from a request to stop, whoever made it; null when nobody asked.</summary>
    private static AttemptEnd? Stopped(AttemptEnd exit, V1Pod pod, int? exitCode, RunSnapshot snapshot)
    {
        if (exitCode != RunnerExitCodes.Parked && !PodFacts.IsDeleting(pod))
        {
            return null;
        }

        return snapshot.Spec.Suspend
            ? exit with { Outcome = Outcomes.Suspended, Message = "Stopped because the run is suspended." }
            : PodFacts.IsDeleting(pod)
                ? exit with { Outcome = Outcomes.PodDeleted, Message = $"Pod {pod.Metadata.Name} was deleted." }
                : exit with { Outcome = Outcomes.Drained, Message = "The agent was asked to stop and parked." };
    }
}
