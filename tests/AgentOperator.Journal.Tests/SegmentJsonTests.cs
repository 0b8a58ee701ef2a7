using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Api;
using AgentOperator.Protocol;
using k8s;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Journal.Tests;

/// <summary>The JSON of a segment. Stored journals and older operators depend on it.</summary>
[TestFixture]
internal sealed class SegmentJsonTests
{
    private static readonly RunIdentity Run = new("team", "survey", "0a1b2c3d-0000-4000-8000-000000000001");
    private static readonly Writer Writer = new(1, "pod-uid-1");

    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123456);

    private const string Finished =
        """
        {"records":[],"runName":"survey","runUid":"0a1b2c3d-0000-4000-8000-000000000001","index":1,"firstSequence":1,"count":6,"sealed":true,"prevHash":"0000000000000000000000000000000000000000000000000000000000000000","headHash":"b16d4178385a7653923ee0698b951e812b8c6c3ef064d8b609bde5b8ba139354","head":{"sequence":6,"epoch":1,"pod":"survey-1","podUid":"pod-uid-1","steps":1,"time":"2026-03-01T12:00:00.123456Z","promptTokens":10,"completionTokens":5,"cachedTokens":3,"modelCalls":1,"unusedModelCalls":0,"unusedTokens":0,"toolCalls":1,"progressSequence":4,"bytes":1731,"specHash":"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc","lineage":"0a1b2c3d-0000-4000-8000-000000000001","leftOutTools":"odd (its schema is odd)","finished":{"outcome":"Failed","reason":"Test","message":"It failed.","result":"42"}}}
        """;

    [Test]
    public async Task Segment_OfAFinishedRun_HasTheSameJsonAsEver()
    {
        var segments = new InMemorySegmentClient();
        using var store = new SegmentJournalStore(segments, new FakeTimeProvider(Now));
        await store.StartAsync(Run, new string('c', 64), JsonSerializer.SerializeToElement(new { task = "t" }), default);
        await store.ClaimEpochAsync(Run, 1, "survey-1", Writer.PodUid, default);
        await store.AppendAsync(
            Run, Writer, 2, [Records.Answer("a", 10, 5, 3), Records.Result("a/1"), Records.LeftOut("odd", "its schema is odd")], default);
        await store.FinishAsync(
            Run, new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = "Test", Message = "It failed.", Result = "42" }, default);

        Assert.Multiple(() =>
        {
            Assert.That(Json(segments, ApiJson.Options), Is.EqualTo(Finished));
            Assert.That(Json(segments, options: null), Is.EqualTo(Finished), "as the Kubernetes client writes it");
        });
    }

    /// <summary>What a release wrote that did not know of tools left out, and before that of lineages and progress.</summary>
    [Test]
    public void Segment_OfAnOlderRelease_IsReadWithDefaults()
    {
        const string Older =
            """
            {"metadata":{"name":"s","resourceVersion":"7"},"spec":{"runName":"survey","runUid":"u","index":2,"firstSequence":49,"count":0,"prevHash":"p","headHash":"h","head":{"sequence":48,"epoch":3,"pod":"survey-3","podUid":"uid","steps":5,"time":"2026-03-01T12:00:00Z","promptTokens":10,"completionTokens":5,"modelCalls":5,"toolCalls":4,"bytes":99}}}
            """;
        var expected = new JournalHead
        {
            Sequence = 48,
            Hash = "h",
            Epoch = 3,
            Pod = "survey-3",
            PodUid = "uid",
            Steps = 5,
            Time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            Usage = new TokenUsage(10, 5, 0),
            ToolCalls = 4,
            Bytes = 99,
        };

        Assert.Multiple(() =>
        {
            Assert.That(SegmentMapping.ToSegment(JsonSerializer.Deserialize<JournalSegment>(Older, ApiJson.Options)!).Head, Is.EqualTo(expected));
            Assert.That(SegmentMapping.ToSegment(KubernetesJson.Deserialize<JournalSegment>(Older)).Head, Is.EqualTo(expected));
            Assert.That(
                SegmentMapping.ToHead(JsonSerializer.Deserialize<JournalSegmentHeader>(Older, ApiJson.Options)!.Spec), Is.EqualTo(expected));
        });
    }

    private static string Json(InMemorySegmentClient segments, JsonSerializerOptions? options)
    {
        var stored = SegmentMapping.ToObject(Run, segments.Of(Run).Single());
        stored.Spec = stored.Spec with { Records = [] };
        var json = options is null ? KubernetesJson.Serialize(stored) : JsonSerializer.Serialize(stored, options);
        return JsonNode.Parse(json)!["spec"]!.ToJsonString();
    }
}
