using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Journal;

/// <summary>Converts between segments and JournalSegment objects.</summary>
internal static class SegmentMapping
{
    /// <summary>Deterministic, so that two replicas that follow the same segment collide instead of forking the journal.</summary>
    public static string NameOf(RunIdentity run, int index) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{run.Name}.{run.Uid[..8]}.{index:00000}");

    /// <summary>
    /// Clears the managed fields. Only the operator writes segments, and without managed fields the API server does not compare every field on
    /// each write.
    /// </summary>
    private static readonly V1ManagedFieldsEntry[] Untracked = [new()];

    public static JournalSegment ToObject(RunIdentity run, Segment segment) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = NameOf(run, segment.Index),
            NamespaceProperty = run.Namespace,
            ResourceVersion = segment.ResourceVersion,
            ManagedFields = Untracked,
            Labels = LabelsOf(run, segment),
            OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = ApiConstants.ApiVersion, Kind = ApiConstants.AgentRunKind, Name = run.Name, Uid = run.Uid, Controller = true,
                    BlockOwnerDeletion = true,
                },
            ],
        },
        Spec = new JournalSegmentSpec
        {
            RunName = run.Name,
            RunUid = run.Uid,
            Index = segment.Index,
            FirstSequence = segment.FirstSequence,
            Count = segment.Records.Count,
            Sealed = segment.Sealed,
            PrevHash = segment.PrevHash,
            HeadHash = segment.Head.Hash,
            Head = segment.Head,
            Records = segment.Records,
        },
    };

    private static Dictionary<string, string> LabelsOf(RunIdentity run, Segment segment)
    {
        var labels = new Dictionary<string, string>
        {
            [Labels.Run] = run.Name,
            [Labels.RunUid] = run.Uid,
            [Labels.ManagedBy] = Labels.ManagedByValue,
        };
        if (segment.Head.Finished is not null)
        {
            labels[Labels.Finished] = "true";
        }

        return labels;
    }

    public static Segment ToSegment(JournalSegment stored) => new()
    {
        Index = stored.Spec.Index,
        FirstSequence = stored.Spec.FirstSequence,
        PrevHash = stored.Spec.PrevHash,
        Sealed = stored.Spec.Sealed,
        Head = ToHead(stored.Spec),
        Records = stored.Spec.Records,
        ResourceVersion = stored.Metadata.ResourceVersion,
        RunUid = stored.Spec.RunUid,
        LacksMetadata = !HasMetadata(stored),
    };

    private static bool HasMetadata(JournalSegment stored) =>
        OwnerReferences.IsControlledBy(stored, stored.Spec.RunUid)
        && stored.Metadata.Labels is { } labels
        && labels.TryGetValue(Labels.Run, out var name) && name == stored.Spec.RunName
        && labels.TryGetValue(Labels.RunUid, out var uid) && uid == stored.Spec.RunUid
        && labels.TryGetValue(Labels.ManagedBy, out var manager) && manager == Labels.ManagedByValue;

    /// <summary>The journal head stored in a segment or its header.</summary>
    public static JournalHead ToHead(JournalSegmentFields spec) => new(spec.Head, spec.HeadHash);
}
