namespace AgentOperator.Api;

/// <summary>Values of <see cref="AttemptStatus.Outcome"/>: how an attempt ended.</summary>
public static class Outcomes
{
    /// <summary>The run's end is committed.</summary>
    public const string Completed = "Completed";

    /// <summary>Killed for running out of memory.</summary>
    public const string OutOfMemory = "OutOfMemory";

    /// <summary>Evicted by the kubelet or through the eviction API.</summary>
    public const string Evicted = "Evicted";

    /// <summary>Preempted by a pod of higher priority.</summary>
    public const string Preempted = "Preempted";

    /// <summary>The pod's node was drained or tainted.</summary>
    public const string Drained = "Drained";

    /// <summary>The kubelet rejected the pod, for lack of resources for example.</summary>
    public const string RejectedByNode = "RejectedByNode";

    /// <summary>The pod's node was lost.</summary>
    public const string NodeLost = "NodeLost";

    /// <summary>The pod was deleted.</summary>
    public const string PodDeleted = "PodDeleted";

    /// <summary>The agent stopped sending heartbeats.</summary>
    public const string Hung = "Hung";

    /// <summary>The agent exited with an error.</summary>
    public const string Error = "Error";

    /// <summary>The pod could not start.</summary>
    public const string StartFailed = "StartFailed";

    /// <summary>The spec is not executable.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>A budget is used up.</summary>
    public const string BudgetExhausted = "BudgetExhausted";

    /// <summary>The run's deadline passed.</summary>
    public const string DeadlineExceeded = "DeadlineExceeded";

    /// <summary>The model endpoint, an MCP server or the gateway stayed unavailable.</summary>
    public const string EndpointDown = "EndpointDown";

    /// <summary>The provider rejected the request itself.</summary>
    public const string ModelRejected = "ModelRejected";

    /// <summary>A newer attempt owns the run.</summary>
    public const string Fenced = "Fenced";

    /// <summary>Stopped because the run was suspended.</summary>
    public const string Suspended = "Suspended";
}
