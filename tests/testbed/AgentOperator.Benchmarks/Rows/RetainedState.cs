namespace AgentOperator.Benchmarks.Rows;

/// <summary>An operator that was restarted beside finished runs.</summary>
/// <param name="Runs">How many there are.</param>
/// <param name="Bytes">Its resident memory.</param>
/// <param name="Heap">The managed heap after its last collection, garbage since then included, in bytes.</param>
/// <param name="Restart">From the start of the process until every run was reconciled.</param>
/// <param name="IdleShare">Processor time without work, as a share of a core.</param>
internal sealed record RetainedState(int Runs, long Bytes, double Heap, TimeSpan Restart, double IdleShare)
{
    /// <summary>The size of the store, compacted.</summary>
    public long StoreBytes { get; init; }

    /// <summary>What each run more than another state has adds to a value.</summary>
    public double PerRunAfter(RetainedState fewer, Func<RetainedState, double> value) =>
        (value(this) - value(fewer)) / Math.Max(1, Runs - fewer.Runs);
}
