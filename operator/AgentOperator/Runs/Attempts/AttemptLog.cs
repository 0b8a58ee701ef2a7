using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// The attempts of a run, merged from status, journal and pods. If the operator died before it applied the status, the missing attempt is found
/// by its pod or its epoch.
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
        var recorded = snapshot.Status.Attempts ?? [];
        var number = Math.Max(
            Math.Max(snapshot.Status.Attempt ?? 0, snapshot.Head?.Epoch ?? 0),
            snapshot.Pods.Select(AttemptOf).DefaultIfEmpty(0).Max());
        if (number == 0)
        {
            return new AttemptLog { Records = [] };
        }

        var pod = snapshot.Pods.FirstOrDefault(candidate => IsOfCurrentAttempt(snapshot, recorded, candidate, number));
        var earlier = recorded.Where(record => record.Number < number)
            .Select(record => record.Outcome is null ? Superseded(snapshot, record) : record).ToList();
        var current = recorded.FirstOrDefault(record => record.Number == number) ?? Open(snapshot, earlier.LastOrDefault(), pod, number);
        if (current.Outcome is null && pod is not null)
        {
            current = Observe(snapshot, current, earlier.LastOrDefault(), pod);
        }

        return new AttemptLog { Records = [.. earlier, current], Pod = pod };
    }

    /// <summary>The attempt number from the pod's label; 0 if it has no valid label.</summary>
    public static int AttemptOf(V1Pod pod) =>
        pod.Metadata.Labels is { } labels && labels.TryGetValue(Labels.Attempt, out var text)
        && int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    private static bool IsOfCurrentAttempt(RunSnapshot snapshot, IReadOnlyList<AttemptStatus> recorded, V1Pod pod, int number) =>
        AttemptOf(pod) == number
        && (snapshot.Head?.Epoch != number || snapshot.Head.PodUid == pod.Metadata.Uid)
        && (recorded.FirstOrDefault(record => record.Number == number)?.PodUid is not { } uid || uid == pod.Metadata.Uid);

    private static AttemptStatus Open(RunSnapshot snapshot, AttemptStatus? before, V1Pod? pod, int number) => new()
    {
        Number = number,
        Pod = PodNames.Of(snapshot.Run, number),
        PodUid = pod?.Metadata.Uid ?? (snapshot.Head?.Epoch == number ? snapshot.Head.PodUid : null),
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
        var pod = snapshot.Pods.FirstOrDefault(candidate => candidate.Metadata.Name == record.Pod);
        var end = (pod is null ? null : OutcomeClassifier.Classify(pod, record, snapshot)) ?? OutcomeClassifier.Gone(record, snapshot);
        return AttemptEnding.Close(record, end, snapshot.Head);
    }
}
