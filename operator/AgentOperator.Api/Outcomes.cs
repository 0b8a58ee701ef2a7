namespace AgentOperator.Api;

/// <summary>Values of <see cref="AttemptStatus.Outcome"/>: how an attempt ended.</summary>
public static class Outcomes
{
    /// <summary>The run's end is committed.</summary>
    public const string Completed = "Completed";

    /// <summary>Killed for memory.</summary>
    public const string OutOfMemory = "OutOfMemory";

    /// <summary>Evicted by the kubelet or through the eviction API.</summary>
    public const string Evicted = "Evicted";

    /// <summary>Gave way to a pod of higher priority.</summary>
    public const string Preempted = "Preempted";

    /// <summary>Its node was drained, or a taint was set on it.</summary>
    public const string Drained = "Drained";

    /// <summary>Its node refused the pod, for want of room or the like.</summary>
    public const string RejectedByNode = "RejectedByNode";

    /// <summary>Its node was lost.</summary>
    public const string NodeLost = "NodeLost";

    /// <summary>Its pod was deleted.</summary>
    public const string PodDeleted = "PodDeleted";

    /// <summary>Its heartbeat stopped.</summary>
    public const string Hung = "Hung";

    /// <summary>It exited with an error.</summary>
    public const string Error = "Error";

    /// <summary>Its pod could not start.</summary>
    public const string StartFailed = "StartFailed";

    /// <summary>The spec cannot be carried out.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>A budget is used up.</summary>
    public const string BudgetExhausted = "BudgetExhausted";

    /// <summary>The run's deadline passed.</summary>
    public const string DeadlineExceeded = "DeadlineExceeded";

    /// <summary>The model endpoint stayed unreachable.</summary>
    public const string EndpointDown = "EndpointDown";

    /// <summary>The provider refused the key or the request.</summary>
    public const string ModelRejected = "ModelRejected";

    /// <summary>A newer attempt owns the run.</summary>
    public const string Fenced = "Fenced";

    /// <summary>Stopped because the run was suspended.</summary>
    public const string Suspended = "Suspended";
}
