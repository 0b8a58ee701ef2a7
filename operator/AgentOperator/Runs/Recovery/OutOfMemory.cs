using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>Attempts that were killed for memory: how much the next one gets, and what people are told.</summary>
internal static class OutOfMemory
{
    /// <summary>
    /// The next attempt's memory limit: the spec's for the first, as before after any other end, and after a kill for memory
    /// <c>memoryPercent</c> of the last one in whole MiB, up to the cap.
    /// </summary>
    /// <param name="last">The last attempt; null before the first.</param>
    /// <param name="spec">The run's spec.</param>
    public static string Next(AttemptStatus? last, AgentRunSpec spec)
    {
        if (last?.MemoryLimit is not { } limit)
        {
            return spec.Resources.Limits.Memory;
        }

        if (last.Outcome != Outcomes.OutOfMemory)
        {
            return limit;
        }

        var bytes = MemoryQuantity.Bytes(limit);
        var raised = Math.Min(MemoryQuantity.RoundUp(bytes * spec.Recovery.OutOfMemory.MemoryPercent / 100), Cap(spec));
        return raised > bytes ? MemoryQuantity.Format(raised) : limit;
    }

    /// <summary>Whether the attempt after one that was killed for memory would get more.</summary>
    public static bool CanRaise(AttemptStatus last, AgentRunSpec spec) =>
        last.MemoryLimit is null || MemoryQuantity.Bytes(Next(last with { Outcome = Outcomes.OutOfMemory }, spec)) > MemoryQuantity.Bytes(last.MemoryLimit);

    /// <summary>Whether the attempt was killed for memory before it got anywhere and had the most that it may have, so that another would end like it.</summary>
    public static bool IsAtItsEnd(RunSnapshot snapshot, AttemptStatus last) =>
        OutcomePolicy.Of(last, snapshot.Spec).Case == OutcomeCase.AtMaxMemory && !AttemptEnding.HasProgress(last, snapshot.Head);

    /// <summary>Whether the spec asks for more memory after a kill at all.</summary>
    public static bool Raises(AgentRunSpec spec) => spec.Recovery.OutOfMemory.MemoryPercent > 100;

    /// <summary>Whether the kernel killed a process of the container for memory; not always the agent's own.</summary>
    public static bool KilledAProcess(V1ContainerStateTerminated terminated) => terminated.Reason == "OOMKilled";

    /// <summary>What happened to one process of an attempt, as a sentence.</summary>
    public static string ProcessMessage(V1Pod pod) => $"A process was killed for memory at a limit of {PodFacts.MemoryLimit(pod) ?? "unknown size"}.";

    /// <summary>How an attempt that was killed for memory ended, as a sentence.</summary>
    public static string Message(V1Pod pod) => $"Killed for memory at a limit of {PodFacts.MemoryLimit(pod) ?? "unknown size"}.";

    /// <summary>What a person can do about a run that <see cref="IsAtItsEnd"/>.</summary>
    public static string AtItsEnd(AttemptStatus last, AgentRunSpec spec) =>
        $"Memory: attempt {last.Number} was killed at {last.MemoryLimit}, the most that the spec allows, before it got anywhere. "
        + $"Raise spec.recovery.outOfMemory.maxMemory above {MemoryQuantity.Format(Cap(spec))} to let the run go on.";

    /// <summary>The largest limit that an attempt gets, in bytes.</summary>
    public static long Cap(AgentRunSpec spec)
    {
        var first = MemoryQuantity.Bytes(spec.Resources.Limits.Memory);
        return spec.Recovery.OutOfMemory.MaxMemory is { } max ? Math.Max(first, MemoryQuantity.Bytes(max)) : first * OutOfMemorySpec.DefaultMaxMemoryFactor;
    }
}
