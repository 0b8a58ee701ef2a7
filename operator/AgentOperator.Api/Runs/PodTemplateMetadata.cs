using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>Labels and annotations of a run's pods.</summary>
public sealed record PodTemplateMetadata
{
    private const string NotReserved = "self.all(key, !key.startsWith('agentoperator.dev/'))";
    private const string Reserved = "keys that begin with agentoperator.dev/ belong to the operator";

    /// <summary>Labels that the pods get. Default: only the operator's.</summary>
    [MaxLength(32), Items(63), ValidationRule(NotReserved, Reserved)]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations that the pods get. Default: only the operator's.</summary>
    [MaxLength(32), Items(16384), ValidationRule(NotReserved, Reserved)]
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
