using System.Text;
using AgentOperator.Protocol;

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

    protected override Task DamageAsync(RunIdentity run, long sequence, Func<string, string> change, bool isHashed)
    {
        var segment = _segments.Of(run).Last(segment => segment.FirstSequence <= sequence);
        _segments.Tamper(run, segment.Index, held =>
        {
            var records = Damaged(held.Records, (int)(sequence - held.FirstSequence), change);
            var hash = isHashed ? JournalHash.Of(RecordCompression.Decompress(records[^1])) : held.Head.Hash;
            return held with { Records = records, Head = held.Head with { Hash = hash } };
        });
        return Task.CompletedTask;
    }

    private static byte[][] Damaged(IReadOnlyList<byte[]> records, int index, Func<string, string> change) =>
    [
        .. records.Select((record, at) => at != index
            ? record
            : RecordCompression.Compress(Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(RecordCompression.Decompress(record)))))),
    ];
}
