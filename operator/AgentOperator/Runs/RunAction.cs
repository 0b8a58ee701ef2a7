using AgentOperator.Protocol;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>One write that a decision requires. Every action is idempotent.</summary>
internal abstract record RunAction
{
    /// <summary>Freezes the spec in the journal's first record.</summary>
    internal sealed record StartJournal(string Task) : RunAction;

    /// <summary>Creates the pod of an attempt, or adopts an existing one.</summary>
    internal sealed record CreatePod(int Attempt, string MemoryLimit) : RunAction;

    /// <summary>Binds an epoch to a pod. After that, no other pod can commit.</summary>
    internal sealed record ClaimEpoch(int Attempt, string Pod, string PodUid) : RunAction;

    /// <summary>Deletes a pod gracefully, if its UID still matches.</summary>
    internal sealed record DeletePod(V1Pod Pod, string Why) : RunAction;

    /// <summary>Answers a tool call on the agent's behalf, if the journal has not changed.</summary>
    internal sealed record AnswerCall(long ExpectedSequence, NewRecord Answer, string Tool) : RunAction;

    /// <summary>Commits the run's end. Does nothing if an end is already committed.</summary>
    internal sealed record Finish(RunFinishedPayload End) : RunAction;

    /// <summary>Deletes the run and everything it owns.</summary>
    internal sealed record DeleteRun : RunAction;
}
