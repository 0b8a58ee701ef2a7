using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>Policy after an OOM kill: the next memory limit, and the messages for users.</summary>
internal static class OutOfMemory
{
    /// <summary>
    /// The next attempt's memory limit. The first attempt gets the spec's limit. After an OOM kill, the next one gets <c>memoryPercent</c> of the
    /// last limit, in whole MiB, up to the cap. Otherwise the limit does not change, unless the spec's limit was raised above it.
    /// </summary>
    /// <param name="last">The last attempt; null before the first.</param>
    /// <param name="spec">The run's spec.</param>
    /// <param name="namespaceCap">The largest limit that the namespace allows, in bytes; null if that is not known.</param>
    public static string Next(AttemptStatus? last, AgentRunSpec spec, long? namespaceCap = null)
    {
        if (last?.MemoryLimit is not { } limit)
        {
            return spec.Resources.Limits.Memory;
        }

        var bytes = MemoryQuantity.Bytes(limit);
        var first = MemoryQuantity.Bytes(spec.Resources.Limits.Memory);
        if (last.Outcome != Outcomes.OutOfMemory)
        {
            return first > bytes ? spec.Resources.Limits.Memory : limit;
        }

        var cap = Math.Min(Cap(spec), namespaceCap ?? long.MaxValue);
        var raised = Math.Min(Math.Max(MemoryQuantity.RoundUp(bytes * spec.Recovery.OutOfMemory.MemoryPercent / 100), first), cap);
        return raised > bytes ? MemoryQuantity.Format(raised) : limit;
    }

    /// <summary>Whether the next attempt after an OOM kill would get more memory.</summary>
    public static bool CanRaise(AttemptStatus last, AgentRunSpec spec) =>
        last.MemoryLimit is null
        || MemoryQuantity.Bytes(Next(last with { Outcome = Outcomes.OutOfMemory }, spec)) > MemoryQuantity.Bytes(last.MemoryLimit);

    /// <summary>Whether the attempt was OOM-killed at the cap without progress, so that another attempt would end the same way.</summary>
    public static bool IsAtItsEnd(RunSnapshot snapshot, AttemptStatus last) =>
        (OutcomePolicy.Of(last, snapshot.Spec).Case == OutcomeCase.AtMaxMemory || IsAtNamespaceCap(snapshot, last))
        && !AttemptEnding.HasProgress(last, snapshot.Head);

    /// <summary>
    /// Whether the last two attempts were OOM-killed at the same limit without progress, although the second was to have more. Something in the
    /// cluster, such as an admission webhook, lowers the limits of pods. Another attempt would get no more either.
    /// </summary>
    public static bool IsLowered(AttemptLog attempts) =>
        attempts.Records is [.., { MemoryLimit: { } had } before, { MemoryLimit: { } got } last]
        && before.Outcome == Outcomes.OutOfMemory && last.Outcome == Outcomes.OutOfMemory
        && MemoryQuantity.Bytes(got) <= MemoryQuantity.Bytes(had) && Backoff.IsIdle(before) && Backoff.IsIdle(last);

    /// <summary>Whether the spec raises memory after an OOM kill at all.</summary>
    public static bool Raises(AgentRunSpec spec) => spec.Recovery.OutOfMemory.MemoryPercent > 100;

    /// <summary>Whether the kernel OOM-killed a process of the container, not necessarily the agent.</summary>
    public static bool KilledAProcess(V1ContainerStateTerminated terminated) => terminated.Reason == "OOMKilled";

    /// <summary>The message for an OOM kill of a single process.</summary>
    public static string ProcessMessage(V1Pod pod) => $"A process was OOM-killed at a memory limit of {PodFacts.MemoryLimit(pod) ?? "unknown size"}.";

    /// <summary>The message for an attempt that was OOM-killed.</summary>
    public static string Message(V1Pod pod) => $"OOM-killed at a memory limit of {PodFacts.MemoryLimit(pod) ?? "unknown size"}.";

    /// <summary>What to do about a run for which <see cref="IsAtItsEnd"/> is true.</summary>
    public static string AtItsEnd(RunSnapshot snapshot, AttemptStatus last)
    {
        var killed = $"Attempt {last.Number} was OOM-killed at {last.MemoryLimit} without progress, and";
        return snapshot.MemoryRefusal is { } refusal && IsAtNamespaceCap(snapshot, last)
            ? $"{killed} the namespace allows no larger limit. To resume the run, raise the LimitRange or the quota. "
                + $"The API server says: {refusal.Sentence}"
            : $"{killed} the spec allows no larger limit. To resume the run, raise spec.recovery.outOfMemory.maxMemory above "
                + $"{MemoryQuantity.Format(Cap(snapshot.Spec))}.";
    }

    /// <summary>The largest memory limit that an attempt can get, in bytes.</summary>
    public static long Cap(AgentRunSpec spec)
    {
        var first = MemoryQuantity.Bytes(spec.Resources.Limits.Memory);
        return spec.Recovery.OutOfMemory.MaxMemory is { } max
            ? Math.Max(first, MemoryQuantity.Bytes(max))
            : first * OutOfMemorySpec.DefaultMaxMemoryFactor;
    }

    private static bool IsAtNamespaceCap(RunSnapshot snapshot, AttemptStatus last) =>
        last.Outcome == Outcomes.OutOfMemory && last.MemoryLimit is { } limit && snapshot.MemoryRefusal?.Cap <= MemoryQuantity.Bytes(limit);
}
