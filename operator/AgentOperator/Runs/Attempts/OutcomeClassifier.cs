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
    public static AttemptEnd? Classify(V1Pod pod, RunSnapshot snapshot)
    {
        if (!PodFacts.HasEnded(pod))
        {
            return null;
        }

        var terminated = PodFacts.Terminated(pod);
        var end = new AttemptEnd(Outcomes.Error, Times.Of(terminated?.FinishedAt) ?? snapshot.Now)
        {
            ExitCode = terminated?.ExitCode,
            Reason = pod.Status.Reason ?? terminated?.Reason,
        };
        if (terminated is { Reason: "OOMKilled", ExitCode: KilledExitCode })
        {
            return end with { Outcome = Outcomes.OutOfMemory, Reason = terminated.Reason, Message = OutOfMemory.Message(pod) };
        }

        if (Disruptions.OfPod(pod) is { } disruption)
        {
            return end with
            {
                Outcome = disruption,
                Reason = pod.Status.Reason ?? PodFacts.Disruption(pod)?.Reason ?? terminated?.Reason,
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
            return end with { Outcome = Outcomes.StartFailed, Message = pod.Status.Message ?? $"Pod {pod.Metadata.Name} failed before the agent started." };
        }

        var said = string.IsNullOrWhiteSpace(failed.Message) ? "." : $": {failed.Message.Trim()}";
        return end with
        {
            Outcome = Outcomes.StartFailed,
            Reason = pod.Status.Reason ?? failed.Reason,
            Message = string.Create(CultureInfo.InvariantCulture, $"Init container '{init.Name}' failed with exit code {failed.ExitCode}{said}"),
        };
    }

    private static AttemptEnd OfExit(AttemptEnd end, V1Pod pod, V1ContainerStateTerminated terminated, RunSnapshot snapshot)
    {
        var said = string.IsNullOrWhiteSpace(terminated.Message) ? null : terminated.Message.Trim();
        var exit = end with { Message = said ?? string.Create(CultureInfo.InvariantCulture, $"The agent exited with code {terminated.ExitCode}.") };
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
            case RunnerExitCodes.EndpointDown when !PodFacts.IsDeleting(pod):
                return exit with { Outcome = Outcomes.EndpointDown };
            case RunnerExitCodes.Fenced when !PodFacts.IsDeleting(pod):
                return exit with { Outcome = Outcomes.Fenced, Reason = FencedReason.Of(said) ?? exit.Reason };
            case RunnerExitCodes.OutOfManagedMemory:
                return exit with { Outcome = Outcomes.OutOfMemory, Message = said ?? OutOfMemory.Message(pod) };
            default:
                return Stopped(exit, pod, terminated.ExitCode, snapshot) ?? exit;
        }
    }

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
