using System.Text;
using System.Text.Json.Nodes;
using AgentOperator.ControlRuntime.Tests.FakeApi;
using AgentOperator.ControlRuntime.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace AgentOperator.ControlRuntime.Tests.Caching;

/// <summary>The current objects come as the first events of a watch, from servers that can send them so.</summary>
internal sealed class StreamedListTests
{
    private FakeApiServer _server = null!;

    [SetUp]
    public async Task StartServer()
    {
        _server = await FakeApiServer.StartNewAsync();
        Put("a", "b");
    }

    [TearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task Start_ServerStreams_CachesAndWatchesWithOneRequest()
    {
        _server.Streams = FakeStreams.Served;

        await using var informer = await StartAsync();
        Put("c");
        await Eventually.BeTrueAsync(() => informer.SizeOf("c") == 1, "c is cached");

        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1", "added c 1"]));
        var request = _server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(request.IsStream);
            Assert.That(request.Query["resourceVersionMatch"], Is.EqualTo("NotOlderThan"));
            Assert.That(request.Query["allowWatchBookmarks"], Is.EqualTo("true"));
            Assert.That(request.Query.ContainsKey("resourceVersion"), Is.False, "a consistent read");
        });
    }

    [Test]
    public async Task Start_FromServerCache_AsksForAnyVersion()
    {
        _server.Streams = FakeStreams.Served;

        await using var informer = await StartAsync(options => options.ListFromServerCache = true);

        Assert.That(_server.Requests.Single().Query["resourceVersion"], Is.EqualTo("0"));
    }

    [Test]
    public async Task Start_NothingThere_IsInSync()
    {
        _server.Cluster.Delete(Widget.Resource, "default", "a");
        _server.Cluster.Delete(Widget.Resource, "default", "b");
        _server.Streams = FakeStreams.Served;

        await using var informer = await StartAsync();

        Assert.That(informer.Informer.List(), Is.Empty);
    }

    [Test]
    public async Task Watch_HistoryIsGone_StreamsAgainAndSeesWhatWasDeleted()
    {
        _server.Streams = FakeStreams.Served;
        await using var informer = await StartAsync();

        LoseHistory(() => _server.Cluster.Delete(Widget.Resource, "default", "a"));

        await informer.EventuallyAsync(() => informer.SizeOf("a") is null, "a is gone");
        Assert.That(informer.Observer.Told.Skip(2), Is.EqualTo(["deleted a 1"]));
        Assert.That((Streams, Lists), Is.EqualTo((2, 0)));
    }

    [TestCase(400, "BadRequest")]
    [TestCase(422, "Invalid")]
    public async Task Start_ServerRefuses_ListsAtOnceAndForGood(int code, string reason)
    {
        _server.Streams = FakeStreams.Served;
        _server.Fail(request => request.IsStream, code, reason);

        await using var informer = await StartAsync();
        LoseHistory(() => Put("c"));
        await informer.EventuallyAsync(() => informer.SizeOf("c") == 1, "c is cached");

        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1", "added c 1"]));
        Assert.That((Streams, Lists), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Start_ServerIgnoresTheParameter_IsNotMistaken_AndListsForGoodAfterTheDeadline()
    {
        _server.Streams = FakeStreams.Ignored;
        await using var informer = WidgetInformer.StartStreaming(_server);
        await Eventually.BeTrueAsync(() => _server.OpenWatches == 1, "the stream is open");

        // A bookmark without the annotation is no end either.
        _server.Cluster.Bookmark(Widget.Resource);
        informer.Time.Advance(ReflectorOptions.StreamDeadline - TimeSpan.FromSeconds(1));
        Assert.That((informer.Informer.HasSynced, informer.Informer.List().Count, Lists), Is.EqualTo((false, 0, 0)));

        informer.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.BeTrueAsync(() => informer.Informer.HasSynced, "the list");
        await Eventually.BeTrueAsync(() => informer.Informer.State is ReflectorState.Watching, "the watch");
        LoseHistory(() => Put("c"));
        await informer.EventuallyAsync(() => informer.SizeOf("c") == 1, "c is cached");

        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1", "added c 1"]));
        Assert.That((Streams, Lists), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Start_StreamBreaksOff_ListsOnceAndTellsNothingTwice([Values] bool connectionBreaks)
    {
        _server.Streams = FakeStreams.Served;
        _server.Fault(request => request.IsStream, context => BreakOffAsync(context, connectionBreaks));

        await using var informer = WidgetInformer.StartStreaming(_server);
        await informer.EventuallyAsync(() => informer.Informer.HasSynced && _server.OpenWatches == 1, "the list, and the watch");
        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1"]));
        Assert.That((Streams, Lists), Is.EqualTo((1, 1)));

        LoseHistory(() => Put("c"));
        await informer.EventuallyAsync(() => informer.SizeOf("c") == 1, "c is cached");
        Assert.That((Streams, Lists), Is.EqualTo((2, 1)), "the next one is streamed again");
    }

    private int Streams => _server.Requests.Count(request => request.IsStream);

    private int Lists => _server.Requests.Count(request => request.IsList);

    private async Task<WidgetInformer> StartAsync(Action<InformerOptions<Widget>>? configure = null)
    {
        var informer = WidgetInformer.StartStreaming(_server, configure);
        await Eventually.BeTrueAsync(
            () => informer.Informer is { HasSynced: true, State: ReflectorState.Watching } && _server.OpenWatches == 1, "in sync and watching");
        return informer;
    }

    /// <summary>The watch ends, and the server no longer knows what came after it.</summary>
    private void LoseHistory(Action meanwhile)
    {
        _server.Fail(request => request is { IsWatch: true, IsStream: false }, 410, "Gone");
        _server.CloseWatches();
        meanwhile();
    }

    /// <summary>Sends an object that is not there any more, and no end.</summary>
    private static async Task BreakOffAsync(HttpContext context, bool connectionBreaks)
    {
        var ghost = Widget.Json(1);
        ghost["metadata"]!["name"] = "ghost";
        var line = new JsonObject { ["type"] = "ADDED", ["object"] = ghost }.ToJsonString();
        await context.Response.WriteAsync(line + "\n", Encoding.UTF8, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (connectionBreaks)
        {
            context.Abort();
        }
    }

    private void Put(params string[] names)
    {
        foreach (var name in names)
        {
            _server.Cluster.Put(Widget.Resource, "default", name, Widget.Json(1));
        }
    }
}
