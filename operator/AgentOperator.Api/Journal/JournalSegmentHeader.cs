using k8s;
using k8s.Models;

namespace AgentOperator.Api;

/// <summary>A <see cref="JournalSegment"/> without its records, as caches keep it.</summary>
[KubernetesEntity(Group = ApiConstants.Group, ApiVersion = ApiConstants.Version, Kind = ApiConstants.JournalSegmentKind,
    PluralName = ApiConstants.JournalSegmentPlural)]
public sealed class JournalSegmentHeader : IKubernetesObject<V1ObjectMeta>, ISpec<JournalSegmentHeaderSpec>
{
    /// <inheritdoc/>
    public string ApiVersion { get; set; } = ApiConstants.ApiVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = ApiConstants.JournalSegmentKind;

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The segment's fields, without the records.</summary>
    public required JournalSegmentHeaderSpec Spec { get; set; }
}
