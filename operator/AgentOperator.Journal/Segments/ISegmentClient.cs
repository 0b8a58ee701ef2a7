namespace AgentOperator.Journal;

/// <summary>Stores segments: get, create, and replace if unchanged. Reads see every earlier write of any replica.</summary>
internal interface ISegmentClient
{
    /// <summary>
    /// The highest segment index seen in the cache, at least 1. Never beyond the run's last segment; the search for the open one starts here.
    /// </summary>
    int LastKnownIndex(RunIdentity run);

    /// <summary>
    /// The index of the last cached segment that begins at a sequence or before it, at least 1. The journal may have a later one that does.
    /// </summary>
    int KnownIndexOf(RunIdentity run, long sequence);

    /// <summary>The cached head of the last segment; null when none is cached. May be stale; never ahead of the store.</summary>
    JournalHead? LastKnownHead(RunIdentity run);

    /// <summary>Whether a cached segment of the run is not sealed. May be true for a moment after the run's end.</summary>
    bool HasOpenSegment(RunIdentity run);

    /// <summary>
    /// The segments that were changed or deleted by something else than an append, in order. Each stays until <see cref="ForgetTouched"/>.
    /// </summary>
    IReadOnlyList<int> Touched(RunIdentity run);

    /// <summary>A touched segment was found to be whole.</summary>
    void ForgetTouched(RunIdentity run, int index);

    /// <summary>Reads one segment; null if it does not exist.</summary>
    Task<Segment?> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken);

    /// <exception cref="SegmentConflictException">The segment already exists.</exception>
    /// <exception cref="SegmentRefusedException">The store refuses the segment, and would refuse it again.</exception>
    Task<Segment> CreateAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken);

    /// <exception cref="SegmentConflictException">The segment changed since it was read.</exception>
    /// <exception cref="SegmentRefusedException">The store refuses the segment, and would refuse it again.</exception>
    Task<Segment> ReplaceAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken);
}
