using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>One write that a decision requires. Every action is safe to repeat.</summary>
internal abstract record RunAction
{
    /// <summary>Freezes the spec in the journal's first record.</summary>
    internal sealed record StartJournal(string Task) : RunAction;

    /// <summary>Creates the pod of an attempt.</summary>
    internal sealed record CreatePod(int Attempt, string MemoryLimit) : RunAction;

    /// <summary>Binds an epoch to a pod that this process created. After that, no other pod can commit.</summary>
    internal sealed record ClaimEpoch(CreatedPod Pod) : RunAction;

    /// <summary>Deletes a pod gracefully, if its UID still matches.</summary>
    internal sealed record DeletePod(V1Pod Pod, string Why) : RunAction
    {
        /// <summary>Whether the pod is no attempt of the run, so that the user should know of it.</summary>
        public bool IsForeign { get; init; }

        /// <summary>The grace period; null for the pod's own.</summary>
        public int? GraceSeconds { get; init; }
    }

    /// <summary>Gives the current attempt's pod back the labels and the owner that it lost.</summary>
    internal sealed record RestorePod(V1Pod Pod, int Attempt) : RunAction;

    /// <summary>Answers a tool call on the agent's behalf, if the journal has not changed.</summary>
    internal sealed record AnswerCall(long ExpectedSequence, NewRecord Answer, string Tool) : RunAction;

    /// <summary>Commits the run's end. Does nothing if an end is already committed.</summary>
    internal sealed record Finish(RunFinishedPayload End) : RunAction;

    /// <summary>Deletes the run and everything it owns.</summary>
    internal sealed record DeleteRun : RunAction;
}
