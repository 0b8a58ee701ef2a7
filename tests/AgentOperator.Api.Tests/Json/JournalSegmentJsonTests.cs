using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Api.Tests.Json;

public sealed class JournalSegmentJsonTests
{
    private static readonly JournalSegment Segment = new()
    {
        Metadata = new() { Name = "run-1" },
        Spec = new JournalSegmentSpec
        {
            RunName = "run",
            RunUid = "uid",
            Index = 1,
            FirstSequence = 1,
            Count = 1,
            PrevHash = JournalHash.Genesis,
            HeadHash = JournalHash.Of([1]),
            Head = new JournalSummary
            {
                Sequence = 1,
                Epoch = 2,
                Time = DateTimeOffset.UnixEpoch,
                LeftOutTools = "odd (its schema is odd)",
                Finished = new FinishSummary { Outcome = RunOutcome.Succeeded, Reason = Reasons.Completed, Result = "done" },
            },
            Records = [[1, 2, 3]],
        },
    };

    [Test]
    public void Records_AreBase64() => Assert.That(Json(), Does.Contain("\"records\":[\"AQID\"]"));

    [Test]
    public void Header_ReadsASegment_WithoutItsRecords()
    {
        var header = JsonSerializer.Deserialize<JournalSegmentHeader>(Json(), ApiJson.Options)!;

        Assert.Multiple(() =>
        {
            Assert.That(header.Spec.Head, Is.EqualTo(Segment.Spec.Head));
            Assert.That(header.Spec.Count, Is.EqualTo(1));
            Assert.That(JsonSerializer.Serialize(header, ApiJson.Options), Does.Not.Contain("records"));
        });
    }

    [Test]
    public void Segment_WrittenAndRead_IsEqual() =>
        Assert.That(
            JsonSerializer.Serialize(JsonSerializer.Deserialize<JournalSegment>(Json(), ApiJson.Options), ApiJson.Options), Is.EqualTo(Json()));

    private static string Json() => JsonSerializer.Serialize(Segment, ApiJson.Options);
}
