using k8s;
using k8s.Models;

namespace AgentOperator.Api;

/// <summary>A <see cref="JournalSegment"/> without its records: what a cache of many runs keeps.</summary>
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

    /// <summary>The slice, without its records.</summary>
    public required JournalSegmentHeaderSpec Spec { get; set; }
}
