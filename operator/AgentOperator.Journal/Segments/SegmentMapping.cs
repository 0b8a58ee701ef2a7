using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;
using k8s.Models;

namespace AgentOperator.Journal;

/// <summary>Converts between segments and JournalSegment objects.</summary>
internal static class SegmentMapping
{
    private const int MaxReasonBytes = 128;

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
            Head = ToHead(segment.Head),
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
        Head = ToHead(stored.Spec.Head, stored.Spec.HeadHash),
        Records = stored.Spec.Records,
        ResourceVersion = stored.Metadata.ResourceVersion,
    };

    /// <summary>The journal head stored in a segment or its header.</summary>
    public static JournalHead ToHead(JournalSegmentFields spec) => ToHead(spec.Head, spec.HeadHash);

    private static SegmentHead ToHead(JournalHead head) => new()
    {
        Sequence = head.Sequence,
        Epoch = head.Epoch,
        Pod = head.Pod,
        PodUid = head.PodUid,
        Steps = head.Steps,
        Time = head.Time,
        PromptTokens = head.Usage.PromptTokens,
        CompletionTokens = head.Usage.CompletionTokens,
        CachedTokens = head.Usage.CachedTokens,
        ModelCalls = head.Steps,
        ToolCalls = head.ToolCalls,
        Bytes = head.Bytes,
        SpecHash = head.SpecHash,
        Lineage = head.Lineage,
        ProgressSequence = head.ProgressSequence,
        LeftOutTools = NullIfEmpty(head.LeftOutTools),
        Finished = head.Finished is { } end
            ? new SegmentFinish
            {
                Outcome = end.Outcome,
                Reason = TextLimit.Cut(end.Reason, MaxReasonBytes),
                Message = NullIfEmpty(TextLimit.Cut(end.Message, ResultStatus.MaxTextBytes)),
                Result = NullIfEmpty(TextLimit.Cut(end.Result, ResultStatus.MaxTextBytes)),
            }
            : null,
    };

    /// <summary>An optional text that is empty is left out: the API server need not take it.</summary>
    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static JournalHead ToHead(SegmentHead head, string hash) => new()
    {
        Sequence = head.Sequence,
        Hash = hash,
        Epoch = head.Epoch,
        Pod = head.Pod,
        PodUid = head.PodUid,
        Steps = head.Steps,
        Time = head.Time,
        Usage = new TokenUsage(head.PromptTokens, head.CompletionTokens, head.CachedTokens),
        ToolCalls = (int)head.ToolCalls,
        Bytes = head.Bytes,
        SpecHash = head.SpecHash ?? "",
        Lineage = head.Lineage ?? "",
        ProgressSequence = head.ProgressSequence,
        LeftOutTools = head.LeftOutTools,
        Finished = head.Finished is { } end
            ? new RunFinishedPayload { Outcome = end.Outcome, Reason = end.Reason, Message = end.Message, Result = end.Result }
            : null,
    };
}
