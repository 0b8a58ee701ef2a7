using AgentOperator.Api.Schema;
using k8s;
using k8s.Models;

namespace AgentOperator.Api;

/// <summary>
/// A slice of a run's journal, owned by the run. It contains prompts and answers, so restrict who can read it.
/// Only the operator writes it. Editing a segment breaks the hash chain and fails the run.
/// </summary>
[KubernetesEntity(Group = ApiConstants.Group, ApiVersion = ApiConstants.Version, Kind = ApiConstants.JournalSegmentKind,
    PluralName = ApiConstants.JournalSegmentPlural)]
[Resource("jseg")]
[PrinterColumn("Run", "string", ".spec.runName")]
[PrinterColumn("Index", "integer", ".spec.index")]
[PrinterColumn("First", "integer", ".spec.firstSequence")]
[PrinterColumn("Records", "integer", ".spec.count")]
[PrinterColumn("Sealed", "boolean", ".spec.sealed")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed class JournalSegment : IKubernetesObject<V1ObjectMeta>, ISpec<JournalSegmentSpec>
{
    /// <summary>The maximum number of records in a segment.</summary>
    public const int MaxRecords = 64;

    /// <summary>The maximum length of a record in base64 characters.</summary>
    public const int MaxRecordLength = 700000;

    /// <inheritdoc/>
    public string ApiVersion { get; set; } = ApiConstants.ApiVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = ApiConstants.JournalSegmentKind;

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The slice.</summary>
    public required JournalSegmentSpec Spec { get; set; }
}
