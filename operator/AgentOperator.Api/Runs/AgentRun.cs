using AgentOperator.Api.Schema;
using k8s;
using k8s.Models;

namespace AgentOperator.Api;

/// <summary>
/// One agent job. The operator runs the agent in a sandboxed pod and commits every model answer and tool result to a journal.
/// If the pod is lost (OOM-killed, evicted, node lost), a new pod resumes from the end of the journal.
/// </summary>
[KubernetesEntity(Group = ApiConstants.Group, ApiVersion = ApiConstants.Version, Kind = ApiConstants.AgentRunKind,
    PluralName = ApiConstants.AgentRunPlural)]
[Resource("arun", Category = ApiConstants.Category)]
[PrinterColumn("Phase", "string", ".status.phase")]
[PrinterColumn("Reason", "string", ".status.conditions[?(@.type=='Running')].reason")]
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
    /// <summary>The maximum length of a name. Keeps pod names (<c>&lt;run&gt;-&lt;attempt&gt;</c>) within a label's 63 characters.</summary>
    public const int MaxNameLength = 52;

    /// <inheritdoc/>
    public string ApiVersion { get; set; } = ApiConstants.ApiVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = ApiConstants.AgentRunKind;

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>
    /// The task, the model and tools to use, and the limits. After creation, only suspend, limits (raise only),
    /// ttlSecondsAfterFinished and recovery.outOfMemory.maxMemory can change.
    /// </summary>
    public required AgentRunSpec Spec { get; set; }

    /// <summary>The last observed state, written by the operator. A summary of the journal, which is the source of truth.</summary>
    public AgentRunStatus? Status { get; set; }
}
