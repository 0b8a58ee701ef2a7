using System.Text;

namespace AgentOperator.Journal.Tests;

/// <summary>The segment store, in memory.</summary>
[TestFixture]
internal sealed class SegmentStoreContractTests : JournalStoreContract
{
    private readonly InMemorySegmentClient _segments = new();

    protected override IJournalStore OpenReplica() => new SegmentJournalStore(_segments, TimeProvider.System);

    protected override Task<RunIdentity> CreateRunAsync(string name) => Task.FromResult(new RunIdentity("team", name, Guid.NewGuid().ToString()));

    protected override Task DeleteRunAsync(RunIdentity run)
    {
        _segments.Delete(run);
        return Task.CompletedTask;
    }

    protected override Task DamageAsync(RunIdentity run, long sequence, Func<string, string> change)
    {
        var segment = _segments.Of(run).Last(segment => segment.FirstSequence <= sequence);
        _segments.Tamper(run, segment.Index, held => held with { Records = Damaged(held.Records, (int)(sequence - held.FirstSequence), change) });
        return Task.CompletedTask;
    }

    private static byte[][] Damaged(IReadOnlyList<byte[]> records, int index, Func<string, string> change) =>
    [
        .. records.Select((record, at) => at != index
            ? record
            : RecordCompression.Compress(Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(RecordCompression.Decompress(record)))))),
    ];
}
