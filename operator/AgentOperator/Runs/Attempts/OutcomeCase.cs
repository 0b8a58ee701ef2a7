namespace AgentOperator.Runs.Attempts;

/// <summary>Special cases in which an outcome has other consequences than usual.</summary>
internal enum OutcomeCase
{
    /// <summary>No special case.</summary>
    Usual,

    /// <summary>The pod exceeded its own disk limit, and likely will again.</summary>
    OwnLimit,

    /// <summary>OOM-killed, and the next attempt gets no more: <c>memoryPercent</c> is 100, or the cluster lowers the limits of pods.</summary>
    MemoryStays,

    /// <summary>OOM-killed at the largest memory limit that the spec allows.</summary>
    AtMaxMemory,

    /// <summary>The model provider is unavailable, or someone has to mend something there. It passes.</summary>
    Provider,

    /// <summary>The run's next action differs from the one recorded in the journal.</summary>
    Diverged,

    /// <summary>The journal is unusable.</summary>
    JournalBroken,

    /// <summary>The runner is older than a record in the journal, as may happen during an upgrade or after a downgrade.</summary>
    NewerRecord,
}
