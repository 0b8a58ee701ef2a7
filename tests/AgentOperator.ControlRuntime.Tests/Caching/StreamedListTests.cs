using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AgentOperator.ControlRuntime.Tests.Caching;

/// <summary>The current objects come as the first events of a watch, from servers that can send them so.</summary>
internal sealed class StreamedListTests : FakeApiTests
{
    [SetUp]
    public void SetUp()
    {
        Put("a");
        Put("b");
    }

    [Test]
    public async Task Start_ServerStreams_CachesAndWatchesWithOneRequest()
    {
        Server.Streams = FakeStreams.Served;

        await using var informer = await StartAsync();
        Put("c");
        await Eventually.TrueAsync("c is cached", () => informer.SizeOf("c") == 1);

        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1", "added c 1"]));
        var request = Server.Requests.Single();
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
        Server.Streams = FakeStreams.Served;

        await using var informer = await StartAsync(options => options.ListFromServerCache = true);

        Assert.That(Server.Requests.Single().Query["resourceVersion"], Is.EqualTo("0"));
    }

    [Test]
    public async Task Start_NothingThere_IsInSync()
    {
        Delete("a");
        Delete("b");
        Server.Streams = FakeStreams.Served;

        await using var informer = await StartAsync();

        Assert.That(informer.Informer.List(), Is.Empty);
    }

    [Test]
    public async Task Watch_HistoryIsGone_StreamsAgainAndSeesWhatWasDeleted()
    {
        Server.Streams = FakeStreams.Served;
        await using var informer = await StartAsync();

        LoseHistory(() => Delete("a"));

        await informer.EventuallyAsync("a is gone", () => informer.SizeOf("a") is null);
        Assert.That(informer.Observer.Told.Skip(2), Is.EqualTo(["deleted a 1"]));
        Assert.That((Streams, Lists), Is.EqualTo((2, 0)));
    }

    [TestCase(400, "BadRequest")]
    [TestCase(422, "Invalid")]
    public async Task Start_ServerRefuses_ListsAtOnceAndForGood(int code, string reason)
    {
        Server.Streams = FakeStreams.Served;
        Server.Fail(request => request.IsStream, code, reason);

        await using var informer = await StartAsync();
        LoseHistory(() => Put("c"));
        await informer.EventuallyAsync("c is cached", () => informer.SizeOf("c") == 1);

        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1", "added c 1"]));
        Assert.That((Streams, Lists), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Start_ServerIgnoresTheParameter_IsNotMistaken_AndListsForGoodAfterTheDeadline()
    {
        Server.Streams = FakeStreams.Ignored;
        await using var informer = WidgetInformer.StartStreaming(Server);
        await Eventually.TrueAsync("the stream is open", () => Server.OpenWatches == 1);

        // A bookmark without the annotation is no end either.
        Server.Cluster.Bookmark(Widget.Resource);
        informer.Time.Advance(ReflectorOptions.StreamDeadline - TimeSpan.FromSeconds(1));
        Assert.That((informer.Informer.HasSynced, informer.Informer.List().Count, Lists), Is.EqualTo((false, 0, 0)));

        informer.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync("the list", () => informer.Informer.HasSynced);
        await Eventually.TrueAsync("the watch", () => informer.Informer.State is ReflectorState.Watching);
        LoseHistory(() => Put("c"));
        await informer.EventuallyAsync("c is cached", () => informer.SizeOf("c") == 1);

        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1", "added c 1"]));
        Assert.That((Streams, Lists), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Start_StreamBreaksOff_ListsOnceAndTellsNothingTwice([Values] bool connectionBreaks)
    {
        Server.Streams = FakeStreams.Served;
        Server.Fault(request => request.IsStream, context => BreakOffAsync(context, connectionBreaks));

        await using var informer = WidgetInformer.StartStreaming(Server);
        await informer.EventuallyAsync("the list, and the watch", () => informer.Informer.HasSynced && Server.OpenWatches == 1);
        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1"]));
        Assert.That((Streams, Lists), Is.EqualTo((1, 1)));

        LoseHistory(() => Put("c"));
        await informer.EventuallyAsync("c is cached", () => informer.SizeOf("c") == 1);
        Assert.That((Streams, Lists), Is.EqualTo((2, 1)), "the next one is streamed again");
    }

    private int Streams => Server.Requests.Count(request => request.IsStream);

    private int Lists => Server.Requests.Count(request => request.IsList);

    private async Task<WidgetInformer> StartAsync(Action<InformerOptions<Widget>>? configure = null)
    {
        var informer = WidgetInformer.StartStreaming(Server, configure);
        await Eventually.TrueAsync(
            "in sync and watching", () => informer.Informer is { HasSynced: true, State: ReflectorState.Watching } && Server.OpenWatches == 1);
        return informer;
    }

    /// <summary>The watch ends, and the server no longer knows what came after it.</summary>
    private void LoseHistory(Action meanwhile)
    {
        Server.Fail(request => request is { IsWatch: true, IsStream: false }, 410, "Gone");
        Server.CloseWatches();
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
}
