namespace AgentOperator.Chaos.Faults;

/// <summary>What may happen to a pod.</summary>
internal enum PodFault
{
    /// <summary>The agent's process dies by a signal.</summary>
    Crash,

    /// <summary>The kernel kills the agent for memory.</summary>
    OutOfMemory,

    /// <summary>The kubelet evicts the pod: the agent is killed without a warning, the pod object stays.</summary>
    Evict,

    /// <summary>Somebody deletes the pod; the agent gets its grace period.</summary>
    Delete,

    /// <summary>The scheduler preempts the pod: announced by a condition, then deleted.</summary>
    Preempt,

    /// <summary>The node dies with all that is on it.</summary>
    NodeDies,

    /// <summary>The control plane loses the node; the agent lives on and reaches the gateway.</summary>
    NodeUnreachable,

    /// <summary>The agent does not reach the gateway for a while.</summary>
    Partition,

    /// <summary>The agent's process is stopped and goes on later, as if no time had passed.</summary>
    Freeze,
}
