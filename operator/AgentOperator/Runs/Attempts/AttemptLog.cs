using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// The attempts of a run. The journal's epoch is the number of the current one, and its claim names the pod; the status adds what was seen of it and
/// of the earlier ones. So an attempt that is missing from the status, because the operator died before it wrote it, is found again, and neither a
/// pod's labels nor a status that somebody else wrote can start, replace or end one.
/// </summary>
internal sealed record AttemptLog
{
    /// <summary>The attempts, oldest first. The last one is the current one.</summary>
    public required IReadOnlyList<AttemptStatus> Records { get; init; }

    /// <summary>The current attempt's pod; null if it does not exist (yet or any longer).</summary>
    public V1Pod? Pod { get; init; }

    /// <summary>The newest attempt; null before the first.</summary>
    public AttemptStatus? Current => Records.Count == 0 ? null : Records[^1];

    /// <summary>The newest attempt's number; 0 before the first.</summary>
    public int Number => Current?.Number ?? 0;

    /// <summary>Whether the newest attempt is still open.</summary>
    public bool IsOpen => Current is { Outcome: null };

    /// <summary>The log with the newest attempt replaced.</summary>
    public AttemptLog WithCurrent(AttemptStatus current) => this with { Records = [.. Records.SkipLast(1), current] };

    public static AttemptLog Of(RunSnapshot snapshot)
    {
        // Of a journal that cannot be read, the status says how far it was.
        var number = snapshot.Head?.Epoch ?? (snapshot.IsJournalBroken ? snapshot.Status.Attempt : null) ?? 0;
        if (number == 0)
        {
            return new AttemptLog { Records = [] };
        }

        var uid = snapshot.Head?.PodUid;
        var pod = uid is null ? null : snapshot.Pods.FirstOrDefault(candidate => candidate.Metadata.Uid == uid);
        var recorded = snapshot.Status.Attempts ?? [];
        var earlier = recorded.Where(record => record.Number < number)
            .Select(record => record.Outcome is null ? Superseded(snapshot, record) : record).ToList();
        var current = recorded.FirstOrDefault(record => record.Number == number && (uid is null || record.PodUid is null || record.PodUid == uid))
            ?? Open(snapshot, earlier.LastOrDefault(), pod, number);
        if (pod is not null)
        {
            current = ForgedEnd.Review(snapshot, current, pod);
            current = current.Outcome is null ? Observe(snapshot, current, earlier.LastOrDefault(), pod) : current;
        }

        return new AttemptLog { Records = [.. earlier, current], Pod = pod };
    }

    private static AttemptStatus Open(RunSnapshot snapshot, AttemptStatus? before, V1Pod? pod, int number) => new()
    {
        Number = number,
        Pod = PodNames.Of(snapshot.Run, number),
        PodUid = snapshot.Head?.PodUid,
        StartedAt = pod is null ? Times.Whole(snapshot.Now) : PodFacts.CreatedAt(pod) ?? Times.Whole(snapshot.Now),

        // Records after the earlier attempt's end belong to this one, even those from before its status was first written.
        FromSequence = before?.ToSequence ?? (number == 1 ? Math.Min(1, snapshot.Head?.Sequence ?? 0) : snapshot.Head?.Sequence ?? 0),
    };

    private static AttemptStatus Observe(RunSnapshot snapshot, AttemptStatus current, AttemptStatus? before, V1Pod pod)
    {
        return current with
        {
            PodUid = pod.Metadata.Uid,
            Node = pod.Spec.NodeName ?? current.Node,
            MemoryLimit = PodFacts.MemoryLimit(pod) ?? current.MemoryLimit,
            Reason = TextLimit.Cut(Disruptions.Announced(pod, current.Reason), AttemptEnding.MaxReasonBytes) ?? current.Reason,
            RecoverySeconds = current.RecoverySeconds ?? RecoverySeconds(snapshot, current, before, pod),
        };
    }

    private static int? RecoverySeconds(RunSnapshot snapshot, AttemptStatus current, AttemptStatus? before, V1Pod pod)
    {
        if (before?.FinishedAt is not { } lost)
        {
            return null;
        }

        var commit = snapshot.Head is { } head && head.Epoch == current.Number && head.ProgressSequence > current.FromSequence
            ? head.Time
            : (DateTimeOffset?)null;
        var heartbeat = PodFacts.Heartbeat(pod);
        var alive = commit is null ? heartbeat : heartbeat is null || commit < heartbeat ? commit : heartbeat;
        return alive is { } time ? Math.Max(0, (int)Math.Round((time - lost).TotalSeconds)) : null;
    }

    /// <summary>Closes an attempt whose successor started before its own end was recorded.</summary>
    private static AttemptStatus Superseded(RunSnapshot snapshot, AttemptStatus record)
    {
        var pod = record.PodUid is null ? null : snapshot.Pods.FirstOrDefault(candidate => candidate.Metadata.Uid == record.PodUid);
        var end = (pod is null ? null : OutcomeClassifier.Classify(pod, record, snapshot)) ?? OutcomeClassifier.Gone(record, snapshot);
        return AttemptEnding.Close(record, end, snapshot.Head);
    }
}
