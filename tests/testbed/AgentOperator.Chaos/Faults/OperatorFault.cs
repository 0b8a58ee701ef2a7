namespace AgentOperator.Chaos.Faults;

/// <summary>What may happen to the operator's replicas.</summary>
internal enum OperatorFault
{
    /// <summary>A replica dies and is started again.</summary>
    Crash,

    /// <summary>A replica is stopped and goes on later: a leader wakes up and believes that it still leads.</summary>
    Freeze,

    /// <summary>Leadership goes to the other replica; the old leader learns of it late.</summary>
    Handover,
}
