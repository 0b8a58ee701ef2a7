namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>What looks like a defect and is the documented behaviour. It is counted and printed, never hidden.</summary>
internal enum ExceptionKind
{
    /// <summary>ADR 4: the replica that made the call died before it committed the answer, so the call was made again.</summary>
    AnswerLostWithReplica,

    /// <summary>ADR 5: an irreversible call in flight at a kill; the model was told that its effect is not known.</summary>
    OutcomeUnknown,

    /// <summary>A call that ended attempt after attempt was answered in the agent's place.</summary>
    RepeatedCrash,

    /// <summary>A command was killed while its agent lived; the model was told.</summary>
    CommandKilled,
}
