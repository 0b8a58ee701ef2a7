using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Events;

internal sealed class EventRecorderTests : FakeApiTests
{
    private const string Resource = "api/v1/events";

    private readonly V1ObjectReference _run = new()
    {
        ApiVersion = "test.dev/v1",
        Kind = "Widget",
        Name = "a",
        NamespaceProperty = "team",
        Uid = "uid-a",
    };
    private FakeTimeProvider _time = null!;
    private ControlRuntimeMetrics _metrics = null!;
    private MetricRecorder _dropped = null!;
    private EventRecorder _recorder = null!;
    private EventWriter _writer = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider();
        _dropped = new MetricRecorder("dropped");
        _metrics = new ControlRuntimeMetrics();
        Make(new ControlRuntimeOptions { EventQueueLength = 10 });
    }

    [TearDown]
    public async Task TearDown()
    {
        await _writer.StopAsync(CancellationToken.None);
        _writer.Dispose();
        _dropped.Dispose();
        _metrics.Dispose();
    }

    [Test]
    public async Task Record_Once_IsAnEventWithoutASeries()
    {
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(_run, "Warning", "OutOfMemory", "Restart", "killed", related: new V1ObjectReference { Kind = "Pod", Name = "a-1" });

        await Eventually.TrueAsync("the event", () => Events().Count == 1);
        var written = Events()[0];
        Assert.Multiple(() =>
        {
            Assert.That((string?)written["metadata"]!["namespace"], Is.EqualTo("team"));
            Assert.That((string?)written["metadata"]!["name"], Does.StartWith("a."));
            Assert.That((string?)written["involvedObject"]!["uid"], Is.EqualTo("uid-a"));
            Assert.That((string?)written["related"]!["name"], Is.EqualTo("a-1"));
            Assert.That((string?)written["type"], Is.EqualTo("Warning"));
            Assert.That((string?)written["reason"], Is.EqualTo("OutOfMemory"));
            Assert.That((string?)written["action"], Is.EqualTo("Restart"));
            Assert.That((string?)written["message"], Is.EqualTo("killed"));
            Assert.That((string?)written["reportingComponent"], Is.EqualTo("agentoperator.dev/operator"));
            Assert.That((string?)written["reportingInstance"], Is.EqualTo("instance"));
            Assert.That((string?)written["eventTime"], Does.Match(@"\.[0-9]{6}Z$"));
            Assert.That(written["series"], Is.Null);
        });
    }

    /// <summary>Old versions of kubectl know no series, and sort by the last time.</summary>
    [Test]
    public async Task Record_OnceOrRepeated_HasTheTimesAndTheCountThatOldReadersKnow()
    {
        await _writer.StartAsync(CancellationToken.None);
        var first = _time.GetUtcNow();
        _recorder.Record(_run, "Normal", "Retry", "Wait", "first");
        await Eventually.TrueAsync("the event", () => Events().Count == 1);
        AssertTimes(first, first, 1);

        _time.Advance(TimeSpan.FromSeconds(90.5));
        _recorder.Record(_run, "Normal", "Retry", "Wait", "second");
        await Eventually.TrueAsync("the series", () => Count() == 2);
        AssertTimes(first, first.AddSeconds(90), 2);
        Assert.That((string?)Events()[0]["source"]!["component"], Is.EqualTo("agentoperator.dev/operator"));

        void AssertTimes(DateTimeOffset firstSeen, DateTimeOffset lastSeen, int count)
        {
            var written = Events()[0];
            Assert.That(
                ((DateTimeOffset)written["firstTimestamp"]!, (DateTimeOffset)written["lastTimestamp"]!, (int)written["count"]!),
                Is.EqualTo((firstSeen, lastSeen, count)));
        }
    }

    [Test]
    public async Task Record_ManyInTheSameSecond_NamesAreInTheirOrder()
    {
        Make(new ControlRuntimeOptions());
        await _writer.StartAsync(CancellationToken.None);
        for (var i = 0; i < 50; i++)
        {
            _recorder.Record(_run, "Normal", $"Reason{i}", "Action", "");
            _time.Advance(TimeSpan.FromMilliseconds(i % 3));
        }

        await Eventually.TrueAsync("the events", () => Events().Count == 50);
        Assert.That(
            Events().OrderBy(item => (string?)item["metadata"]!["name"], StringComparer.Ordinal).Select(item => (string?)item["reason"]),
            Is.EqualTo(Enumerable.Range(0, 50).Select(i => $"Reason{i}")));
    }

    [Test]
    public async Task Record_Repeated_IsOneEventWithASeriesThatIsUpdatedNowAndThen()
    {
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(_run, "Normal", "Retry", "Wait", "first");
        _recorder.Record(_run, "Normal", "Retry", "Wait", "second");
        await Eventually.TrueAsync("the series", () => Count() == 2);
        for (var i = 0; i < 5; i++)
        {
            _recorder.Record(_run, "Normal", "Retry", "Wait", "more");
        }

        await _time.PassUntilAsync("the series' count", () => Count() == 7);
        Assert.Multiple(() =>
        {
            Assert.That(Events(), Has.Count.EqualTo(1));
            Assert.That(Server.Requests.Count(request => request.Method == "PATCH"), Is.LessThan(6));
        });
    }

    [Test]
    public async Task Record_DifferentReasonOrObject_AreEventsOfTheirOwn()
    {
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(_run, "Normal", "Started", "Start", "");
        _recorder.Record(_run, "Normal", "Finished", "Finish", "");
        _recorder.Record(
            new V1ObjectReference { Kind = "Widget", Name = "b", NamespaceProperty = "team", Uid = "uid-b" }, "Normal", "Started", "Start", "");

        await Eventually.TrueAsync("three events", () => Events().Count == 3);
    }

    [Test]
    public async Task Record_SeriesWasIdle_IsANewEvent()
    {
        await _writer.StartAsync(CancellationToken.None);
        _recorder.Record(_run, "Normal", "Retry", "Wait", "");
        await Eventually.TrueAsync("the event", () => Events().Count == 1);
        var until = _time.GetUtcNow().AddMinutes(8);
        await _time.PassUntilAsync("eight minutes", () => _time.GetUtcNow() >= until);

        _recorder.Record(_run, "Normal", "Retry", "Wait", "");

        await Eventually.TrueAsync("a second event", () => Events().Count == 2);
    }

    [Test]
    public async Task Record_EventOfTheSeriesExpiredOnTheServer_IsANewEvent()
    {
        await _writer.StartAsync(CancellationToken.None);
        _recorder.Record(_run, "Normal", "Retry", "Wait", "");
        await Eventually.TrueAsync("the event", () => Events().Count == 1);
        var old = (string)Events()[0]["metadata"]!["name"]!;
        Server.Cluster.Delete(Resource, "team", old);

        _recorder.Record(_run, "Normal", "Retry", "Wait", "");

        await Eventually.TrueAsync("a new event", () => Events().Any(item => (string?)item["metadata"]!["name"] != old));
    }

    [Test]
    public async Task Record_LongTexts_AreCutToTheLimits()
    {
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(_run, "odd", new string('R', 500), "", new string('é', 2000));

        await Eventually.TrueAsync("the event", () => Events().Count == 1);
        var written = Events()[0];
        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetByteCount((string)written["message"]!), Is.EqualTo(1024));
            Assert.That((string?)written["reason"], Has.Length.EqualTo(128));
            Assert.That((string?)written["action"], Has.Length.EqualTo(128));
            Assert.That((string?)written["type"], Is.EqualTo("Normal"));
        });
    }

    [Test]
    public async Task Record_LongObjectName_EventNameFits()
    {
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(
            new V1ObjectReference { Kind = "Widget", Name = new string('n', 253), NamespaceProperty = "team" }, "Normal", "Reason", "Action", "");

        await Eventually.TrueAsync("the event", () => Events().Count == 1);
        Assert.That((string?)Events()[0]["metadata"]!["name"], Has.Length.EqualTo(253));
    }

    [Test]
    public async Task Record_ClusterScopedObject_LivesInDefault()
    {
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(new V1ObjectReference { Kind = "Node", Name = "n" }, "Normal", "Reason", "Action", "");

        await Eventually.TrueAsync("the event", () => Events().Count == 1);
        Assert.That((string?)Events()[0]["metadata"]!["namespace"], Is.EqualTo("default"));
    }

    [Test]
    public void Record_QueueIsFull_DropsAndCountsAndDoesNotBlock()
    {
        for (var i = 0; i < 12; i++)
        {
            _recorder.Record(_run, "Normal", $"Reason{i}", "Action", "");
        }

        Assert.That(_dropped["event_recorder_events_total"], Is.EqualTo(2));
    }

    [Test]
    public void Record_NothingToRecord_DoesNotThrow()
    {
        Assert.DoesNotThrow(() =>
        {
            _recorder.Record(null!, null!, null!, null!, null!);
            _recorder.Record(new V1ObjectReference(), "Normal", "Reason", "Action", "");
            _recorder.Record(_run, null!, "Reason", null!, null!);
        });
    }

    [Test]
    public async Task Write_ServerFailsForAWhile_IsWrittenInTheEnd()
    {
        Server.Fail(request => request.Method == "POST", 503, "ServiceUnavailable", times: 3);
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(_run, "Normal", "Reason", "Action", "");

        await _time.PassUntilAsync("the event", () => Events().Count == 1);
    }

    [Test]
    public async Task Write_ServerRefuses_OthersAreWritten()
    {
        Server.Fail(request => request.Method == "POST", 403, "Forbidden");
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(_run, "Normal", "Refused", "Action", "");
        _recorder.Record(_run, "Normal", "Written", "Action", "");

        await Eventually.TrueAsync("the second event", () => Events().Count == 1);
        Assert.That((string?)Events()[0]["reason"], Is.EqualTo("Written"));
    }

    [Test]
    public async Task Write_ServerRefusesTheNoteForGood_IsWrittenWithoutIt()
    {
        Server.Fail(request => request.Body.Contains("odd note", StringComparison.Ordinal), 400, "BadRequest", times: int.MaxValue);
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(_run, "Warning", "Odd", "Action", "odd note");

        await Eventually.TrueAsync("the event", () => Events().Count == 1);
        Assert.That(((string?)Events()[0]["reason"], (string?)Events()[0]["message"]), Is.EqualTo(("Odd", EventText.RefusedNote)));
        Assert.That(Server.Requests.Count(request => request.Method == "POST"), Is.EqualTo(2));
    }

    [Test]
    public async Task Write_ServerRefusesTheEventForGood_IsDroppedAndOthersAreWritten()
    {
        Server.Fail(request => request.Body.Contains("Refused", StringComparison.Ordinal), 422, "Invalid", times: int.MaxValue);
        await _writer.StartAsync(CancellationToken.None);

        _recorder.Record(_run, "Normal", "Refused", "Action", "");
        _recorder.Record(_run, "Normal", "Written", "Action", "");

        await Eventually.TrueAsync("the second event", () => Events().Count == 1);
        Assert.That(Server.Requests.Count(request => request.Method == "POST"), Is.EqualTo(3));
    }

    [Test]
    public async Task Record_AnyText_ReachesTheServerAsPlainText()
    {
        Make(new ControlRuntimeOptions());
        await _writer.StartAsync(CancellationToken.None);
        var notes = Enumerable.Range(1, 100).Select(AnyText.Of).ToList();

        foreach (var note in notes)
        {
            _recorder.Record(_run, "Normal", $"Reason{notes.IndexOf(note)}", note, note);
        }

        await Eventually.TrueAsync("the events", () => Events().Count == notes.Count);
        var plain = notes.Select(note => EventText.Cut(note, EventText.MaxNoteBytes));
        Assert.That(Events().Select(item => (string?)item["message"]), Is.EquivalentTo(plain));
    }

    [Test]
    public async Task Stop_EventsWait_AreWrittenFirst()
    {
        await _writer.StartAsync(CancellationToken.None);
        for (var i = 0; i < 10; i++)
        {
            _recorder.Record(_run, "Normal", $"Reason{i}", "Action", "");
        }

        await _writer.StopAsync(CancellationToken.None);

        Assert.That(Events(), Has.Count.EqualTo(10));
    }

    [Test]
    public async Task Stop_SeriesHasUnwrittenCount_IsWrittenFirst()
    {
        await _writer.StartAsync(CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            _recorder.Record(_run, "Normal", "Retry", "Wait", "");
        }

        await _writer.StopAsync(CancellationToken.None);

        Assert.That(Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task Stop_ServerNeverAnswers_EndsInBoundedTime()
    {
        Server.Hang(request => request.Method == "POST", times: int.MaxValue);
        await _writer.StartAsync(CancellationToken.None);
        _recorder.Record(_run, "Normal", "Reason", "Action", "");
        await Eventually.TrueAsync("the write hangs", () => Server.Requests.Any(request => request.Method == "POST"));

        var stop = _writer.StopAsync(CancellationToken.None);

        await _time.PassUntilAsync("the stop ends", () => stop.IsCompleted);
    }

    private void Make(ControlRuntimeOptions runtimeOptions)
    {
        var options = Options.Create(runtimeOptions);
        _recorder = new EventRecorder(options, _time, _metrics);
        var sink = new EventSink(Client, options.Value.ReportingController, "instance");
        _writer = new EventWriter(_recorder, sink, options, _time, () => 0.5, _metrics, NullLogger<EventWriter>.Instance);
    }

    private IReadOnlyList<JsonObject> Events() => Server.Cluster.List(Resource, "");

    private int? Count() => Events() is [var only] ? (int?)only["series"]?["count"] : null;
}
