namespace AgentOperator.Chaos.RealCluster.Plan;

/// <summary>What strikes.</summary>
internal enum StrikeKind
{
    /// <summary>SIGKILL of an agent's process.</summary>
    KillRunner,

    /// <summary>SIGSTOP of an agent's process for longer than its heartbeat may fail, then SIGCONT.</summary>
    FreezeRunner,

    /// <summary>An agent's pod is deleted.</summary>
    DeletePod,

    /// <summary>An agent's pod is deleted without a grace period.</summary>
    ForceDeletePod,

    /// <summary>An agent's pod fills its memory until the kernel kills the agent.</summary>
    FillMemory,

    /// <summary>An agent's pod fills its disk until the kubelet evicts it.</summary>
    FillDisk,

    /// <summary>No packet from or to an agent's pod for a while.</summary>
    CutNetwork,

    /// <summary>No packet from or to the model provider for a while.</summary>
    CutProvider,

    /// <summary>The provider refuses the key for a while: the Secret has another.</summary>
    RefuseKey,

    /// <summary>SIGKILL of an operator replica's process.</summary>
    KillOperator,

    /// <summary>The pod of the leading replica is deleted.</summary>
    DeleteLeader,

    /// <summary>SIGKILL of kube-apiserver, which is started again.</summary>
    KillApiServer,

    /// <summary>SIGKILL of containerd, which is started again.</summary>
    KillContainerd,

    /// <summary>The kubelet is stopped for a while: the node may count as lost.</summary>
    StopKubelet,

    /// <summary>SIGSTOP of the kubelet for a while, then SIGCONT.</summary>
    FreezeKubelet,
}
