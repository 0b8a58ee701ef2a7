namespace AgentOperator.Runs.Attempts;

/// <summary>Circumstances in which an outcome has other consequences than usual.</summary>
internal enum OutcomeCase
{
    /// <summary>None.</summary>
    Usual,

    /// <summary>The pod broke its own limit of disk, and will again.</summary>
    OwnLimit,

    /// <summary>Killed for memory where <c>memoryPercent</c> is 100: the next attempt gets no more.</summary>
    MemoryStays,

    /// <summary>Killed for memory with the most that the spec allows.</summary>
    AtMaxMemory,

    /// <summary>What is recorded and what the run would do now differ.</summary>
    Diverged,

    /// <summary>The journal cannot be used.</summary>
    JournalBroken,
}
