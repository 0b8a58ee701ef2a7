using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Chaos.Engine;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using k8s.Models;

namespace AgentOperator.Chaos.Cluster;

/// <summary>
/// The API server's objects and rules: unique names, versions, preconditions, graceful deletion, collection of what an owner leaves behind.
/// </summary>
internal sealed class ApiServer
{
    private static readonly TimeSpan CollectorDelay = TimeSpan.FromSeconds(1);

    private readonly Simulator _simulator;
    private long _version = 1000;
    private long _uids;

    public ApiServer(Simulator simulator)
    {
        _simulator = simulator;
        Runs = new ObjectTable<AgentRun>(() => ++_version);
        Pods = new ObjectTable<V1Pod>(() => ++_version);
        Endpoints = new ObjectTable<ModelEndpoint>(() => ++_version);
        Segments = new ObjectTable<JournalSegment>(() => ++_version);
        SegmentHeaders = new ObjectTable<JournalSegmentHeader>(() => ++_version);
        ConfigMaps = new ObjectTable<V1ConfigMap>(() => ++_version);
        Secrets = new ObjectTable<V1Secret>(() => ++_version);
        ServiceAccounts = new ObjectTable<V1ServiceAccount>(() => ++_version);
        Segments.Changed += SegmentChanged;
    }

    public ObjectTable<AgentRun> Runs { get; }

    public ObjectTable<V1Pod> Pods { get; }

    public ObjectTable<ModelEndpoint> Endpoints { get; }

    public ObjectTable<JournalSegment> Segments { get; }

    /// <summary>The segments without their records, as they are watched.</summary>
    public ObjectTable<JournalSegmentHeader> SegmentHeaders { get; }

    public ObjectTable<V1ConfigMap> ConfigMaps { get; }

    public ObjectTable<V1Secret> Secrets { get; }

    public ObjectTable<V1ServiceAccount> ServiceAccounts { get; }

    /// <summary>Called when a pod is asked to go and its kubelet has to see to it.</summary>
    public Action<V1Pod>? PodDeletionAsked { get; set; }

    public string NewUid() => string.Create(CultureInfo.InvariantCulture, $"{++_uids:x8}-0000-4000-8000-{_uids:x12}");

    public DateTime Timestamp => (VirtualTimeProvider.Epoch + _simulator.Now).UtcDateTime;

    public V1Pod CreatePod(V1Pod pod)
    {
        var created = Pods.Put(pod with
        {
            Metadata = pod.Metadata with { Uid = NewUid(), CreationTimestamp = Timestamp },
            Status = new V1PodStatus { Phase = "Pending" },
        });
        CollectLater(created.Metadata.OwnerReferences);
        return created;
    }

    /// <summary>Changes a pod if it is still there; what is already gone stays gone.</summary>
    public V1Pod? UpdatePod(V1Pod pod, Func<V1Pod, V1Pod> change) =>
        Pods.Get(ObjectKey.Of(pod)) is { } current && current.Metadata.Uid == pod.Metadata.Uid ? Pods.Put(change(current)) : null;

    /// <summary>Asks for a pod's deletion; one that has not started or has ended goes at once, and so does any without a grace.</summary>
    public void DeletePod(ObjectKey key, string? uid, int? graceSeconds = null)
    {
        if (Pods.Get(key) is not { } pod || (uid is not null && uid != pod.Metadata.Uid))
        {
            return;
        }

        if (pod.Spec.NodeName is null || pod.Status.Phase is "Succeeded" or "Failed" || graceSeconds == 0)
        {
            Pods.Remove(key);
            PodDeletionAsked?.Invoke(pod);
            return;
        }

        var grace = graceSeconds ?? pod.Spec.TerminationGracePeriodSeconds ?? 30;
        if (pod.Metadata.DeletionTimestamp is null || grace < pod.Metadata.DeletionGracePeriodSeconds)
        {
            var asked = Pods.Put(
                pod with { Metadata = pod.Metadata with { DeletionTimestamp = Timestamp.AddSeconds(grace), DeletionGracePeriodSeconds = grace } });
            PodDeletionAsked?.Invoke(asked);
        }
    }

    public void RemovePod(V1Pod pod)
    {
        if (Pods.Get(ObjectKey.Of(pod))?.Metadata.Uid == pod.Metadata.Uid)
        {
            Pods.Remove(ObjectKey.Of(pod));
        }
    }

    public void DeleteRun(ObjectKey key, string uid)
    {
        if (Runs.Get(key) is { } run && run.Metadata.Uid == uid)
        {
            Runs.Remove(key);
            Collect(uid);
        }
    }

    public Segment? GetSegment(RunIdentity run, int index) =>
        Segments.Get(new ObjectKey(run.Namespace, SegmentMapping.NameOf(run, index))) is { } stored ? SegmentMapping.ToSegment(stored) : null;

    public Segment CreateSegment(RunIdentity run, Segment segment)
    {
        var wanted = SegmentMapping.ToObject(run, segment);
        if (Segments.Get(ObjectKey.Of(wanted)) is not null)
        {
            throw new SegmentConflictException("already exists");
        }

        var created = SegmentMapping.ToSegment(Segments.Put(wanted));
        CollectLater(wanted.Metadata.OwnerReferences);
        return created;
    }

    public Segment ReplaceSegment(RunIdentity run, Segment segment)
    {
        var wanted = SegmentMapping.ToObject(run, segment);
        if (Segments.Get(ObjectKey.Of(wanted)) is not { } stored || stored.Metadata.ResourceVersion != wanted.Metadata.ResourceVersion)
        {
            throw new SegmentConflictException("not the version that was read");
        }

        return SegmentMapping.ToSegment(Segments.Put(wanted));
    }

    private void SegmentChanged(ObjectChange<JournalSegment> change)
    {
        if (change.Object is { } segment)
        {
            SegmentHeaders.Put(new JournalSegmentHeader { Metadata = segment.Metadata, Spec = HeaderOf(segment.Spec) });
        }
        else
        {
            SegmentHeaders.Remove(change.Key);
        }
    }

    private static JournalSegmentHeaderSpec HeaderOf(JournalSegmentSpec segment) => new()
    {
        RunName = segment.RunName,
        RunUid = segment.RunUid,
        Index = segment.Index,
        FirstSequence = segment.FirstSequence,
        Count = segment.Count,
        Sealed = segment.Sealed,
        PrevHash = segment.PrevHash,
        HeadHash = segment.HeadHash,
        Head = segment.Head,
    };

    /// <summary>The garbage collector also finds what is created for an owner that has gone.</summary>
    private void CollectLater(IList<V1OwnerReference>? owners)
    {
        foreach (var owner in owners ?? [])
        {
            _simulator.After(CollectorDelay, null, null, () => Collect(owner.Uid));
        }
    }

    private void Collect(string ownerUid)
    {
        if (Runs.All.Any(run => run.Metadata.Uid == ownerUid))
        {
            return;
        }

        foreach (var pod in Pods.All.Where(pod => IsOwned(pod.Metadata, ownerUid)).ToList())
        {
            DeletePod(ObjectKey.Of(pod), null);
        }

        foreach (var segment in Segments.All.Where(segment => IsOwned(segment.Metadata, ownerUid)).ToList())
        {
            Segments.Remove(ObjectKey.Of(segment));
        }
    }

    private static bool IsOwned(V1ObjectMeta metadata, string ownerUid) => metadata.OwnerReferences?.Any(owner => owner.Uid == ownerUid) == true;
}
