namespace AgentOperator.Journal;

/// <summary>Where segments are kept: get, create, and replace if unchanged. All reads see every earlier write of any replica.</summary>
internal interface ISegmentClient
{
    /// <summary>An index that is surely not beyond the run's last segment: where the search for the open one starts. At least 1.</summary>
    int LastKnownIndex(RunIdentity run);

    /// <summary>The head of the last segment that is known here, which may be behind what is stored; null when none is known.</summary>
    JournalHead? LastKnownHead(RunIdentity run);

    /// <summary>One segment, or null when there is none of that index.</summary>
    Task<Segment?> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken);

    /// <exception cref="SegmentConflictException">There is one of that index already.</exception>
    Task<Segment> CreateAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken);

    /// <exception cref="SegmentConflictException">It was written since it was read.</exception>
    Task<Segment> ReplaceAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken);
}
