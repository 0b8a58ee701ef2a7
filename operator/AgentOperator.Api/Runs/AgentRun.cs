using AgentOperator.Api.Schema;
using k8s;
using k8s.Models;

namespace AgentOperator.Api;

/// <summary>
/// One agent job. The operator runs the agent in a sandboxed pod and commits every model answer and tool result to a journal;
/// after a lost pod (killed for memory, evicted, node gone) a new one goes on where the journal ends.
/// </summary>
[KubernetesEntity(Group = ApiConstants.Group, ApiVersion = ApiConstants.Version, Kind = ApiConstants.AgentRunKind,
    PluralName = ApiConstants.AgentRunPlural)]
[Resource("arun", Category = ApiConstants.Category)]
[PrinterColumn("Phase", "string", ".status.phase")]
[PrinterColumn("Attempt", "integer", ".status.attempt")]
[PrinterColumn("Step", "integer", ".status.progress.step")]
[PrinterColumn("Last-Exit", "string", ".status.lastExit")]
[PrinterColumn("Tokens", "integer", ".status.usage.totalTokens")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn("Pod", "string", ".status.pod", Wide = true)]
[PrinterColumn("Checkpoint", "date", ".status.checkpoint.time", Wide = true)]
[PrinterColumn("Model", "string", ".spec.model.name", Wide = true)]
[ObjectName(MaxNameLength, Patterns.Label)]
public class AgentRun : IKubernetesObject<V1ObjectMeta>, ISpec<AgentRunSpec>
{
    /// <summary>The longest name: the pods' names <c>&lt;run&gt;-&lt;attempt&gt;</c> stay within a label's 63 characters.</summary>
    public const int MaxNameLength = 52;

    /// <inheritdoc/>
    public string ApiVersion { get; set; } = ApiConstants.ApiVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = ApiConstants.AgentRunKind;

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>
    /// What is to be done, with what, and within which limits. Only suspend, limits (upwards), ttlSecondsAfterFinished and
    /// recovery.outOfMemory.maxMemory can change.
    /// </summary>
    public required AgentRunSpec Spec { get; set; }

    /// <summary>What the operator observed last. Written by the operator only; the journal is the truth, this is its summary.</summary>
    public AgentRunStatus? Status { get; set; }
}
