namespace AgentOperator.Chaos.Judging;

/// <summary>What the last line of a run counts.</summary>
internal enum FindingKind
{
    /// <summary>I1, I3: an acknowledged record is not in the journal, was changed, or was committed by a pod that no longer owned the run.</summary>
    Lost,

    /// <summary>I2: a model call was sent although its answer was committed, or a step's call was sent again with another request.</summary>
    Repeated,

    /// <summary>I4: an irreversible effect started twice, or a keyed one under two keys.</summary>
    Duplicated,

    /// <summary>A run that did not end, or went on for ever (I8).</summary>
    Stuck,

    /// <summary>I5: a pod that nobody needs any more, or a run that ended twice.</summary>
    Orphan,

    /// <summary>I7, I9, I10.</summary>
    Other,
}
