using AgentOperator.Protocol;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>One write to the world that a decision asks for. Each may be repeated: doing it again changes nothing.</summary>
internal abstract record RunAction
{
    /// <summary>Freezes the spec in the journal's first record.</summary>
    internal sealed record StartJournal(string Task) : RunAction;

    /// <summary>Creates the pod of an attempt, or adopts the one that is there.</summary>
    internal sealed record CreatePod(int Attempt, string MemoryLimit) : RunAction;

    /// <summary>Binds an epoch to a pod: from then on no other pod commits.</summary>
    internal sealed record ClaimEpoch(int Attempt, string Pod, string PodUid) : RunAction;

    /// <summary>Deletes a pod gracefully, if it is still the same one.</summary>
    internal sealed record DeletePod(V1Pod Pod, string Why) : RunAction;

    /// <summary>Answers a tool call in the agent's place, if the journal has not moved on.</summary>
    internal sealed record AnswerCall(long ExpectedSequence, NewRecord Answer, string Tool) : RunAction;

    /// <summary>Commits the run's end; an end that is committed already stays.</summary>
    internal sealed record Finish(RunFinishedPayload End) : RunAction;

    /// <summary>Deletes the run with all that it owns.</summary>
    internal sealed record DeleteRun : RunAction;
}
