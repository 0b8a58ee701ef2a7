using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Journal.Tests;

/// <summary>
/// Whole journals as each schema version was written: all its kinds, any Unicode, large records, two segments. They are read as they were, and the same
/// records are written as they were, so that an older operator can read them. The files are never written again. A new version adds its own.
/// </summary>
[TestFixture]
internal sealed class GoldenJournalTests
{
    private static readonly RunIdentity Run = new("team", "survey", "0a1b2c3d-0000-4000-8000-000000000001");

    private static IEnumerable<string> Versions => ["version-1", "version-2"];

    [TestCaseSource(nameof(Versions))]
    public async Task Read_OfAnEarlierVersion_GivesEveryRecordByteForByte(string version)
    {
        using var store = new SegmentJournalStore(Stored(version), TimeProvider.System);
        var expected = Lines(version, "records");

        var reading = await store.ReadAsync(Run, 0, int.MaxValue, default);

        Assert.That(reading.Records.Select(record => Encoding.UTF8.GetString(StoredRecord.Encode(record).Bytes.Span)), Is.EqualTo(expected));
        Assert.That(reading.Head, Is.EqualTo(Replayed(expected)), "the head that is stored is what its records come to");
        Assert.That(reading.Records.Select(record => record.Kind).Distinct(), Is.SupersetOf(KindsOf(version)));
    }

    [TestCaseSource(nameof(Versions))]
    public async Task Append_OfTheSameRecords_StoresTheSameBytes(string version)
    {
        var records = Lines(version, "records").Select(Record).ToList();
        var time = new FakeTimeProvider(records[0].Time);
        var segments = new InMemorySegmentClient();
        using var store = new SegmentJournalStore(segments, time);
        var started = JournalRules.Read(records[0], ProtocolJson.Default.RunStartedPayload);
        await store.StartAsync(Run, started.SpecHash, started.Spec, default);
        var writer = new Writer(0, "");
        foreach (var record in records.Skip(1))
        {
            time.SetUtcNow(record.Time);
            if (record.Kind == RecordKinds.EpochClaimed)
            {
                var claim = JournalRules.Read(record, ProtocolJson.Default.EpochClaimedPayload);
                writer = new Writer(record.Epoch, claim.PodUid);
                await store.ClaimEpochAsync(Run, record.Epoch, claim.Pod, claim.PodUid, default);
            }
            else
            {
                await store.AppendAsync(
                    Run, writer, record.Sequence - 1, [new NewRecord(record.Kind, record.Payload, record.StepKey, record.CallId)], default);
            }
        }

        Assert.That(segments.Of(Run).Select(Spec), Is.EqualTo(Stored(version).Of(Run).Select(Spec)));
    }

    private static string[] Lines(string version, string part) =>
        File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", $"{version}.{part}.jsonl"));

    private static JournalRecord Record(string line) => StoredRecord.Decode(Encoding.UTF8.GetBytes(line)).Record;

    private static string Spec(Segment segment) => JsonSerializer.Serialize(SegmentMapping.ToObject(Run, segment).Spec, ApiJson.Options);

    private static IEnumerable<string> KindsOf(string version) => typeof(RecordKinds).GetFields().Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .Where(kind => $"version-{RecordKinds.SchemaVersionOf(kind)}" == version);

    private static JournalHead Replayed(IReadOnlyList<string> lines)
    {
        var records = lines.Select(line => StoredRecord.Decode(Encoding.UTF8.GetBytes(line))).ToList();
        return records.Skip(1).Aggregate(JournalRules.First(records[0]), JournalRules.Next);
    }

    private static InMemorySegmentClient Stored(string version)
    {
        var segments = new InMemorySegmentClient();
        foreach (var line in Lines(version, "segments"))
        {
            segments.Put(Run, SegmentMapping.ToSegment(JsonSerializer.Deserialize<JournalSegment>(line, ApiJson.Options)!));
        }

        return segments;
    }
}
