
namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class InformerWatchTests : FakeApiTests
{
    [Test]
    public async Task Watch_ObjectAddedUpdatedDeleted_ObserverIsToldInOrder()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Put("a", 1);
        Put("a", 2);
        Delete("a");

        await informer.EventuallyAsync("three changes", () => informer.Observer.Told.Count == 3);
        Assert.Multiple(() =>
        {
            Assert.That(informer.Observer.Told, Is.EqualTo(["added a 1", "updated a 2", "deleted a 2"]));
            Assert.That(informer.SizeOf("a"), Is.Null);
        });
    }

    [Test]
    public async Task Watch_Always_AsksForBookmarksAndATimeout()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        var watch = Server.Requests.First(request => request.IsWatch);

        Assert.Multiple(() =>
        {
            Assert.That(watch.Query["allowWatchBookmarks"], Is.EqualTo("true"));
            Assert.That(int.Parse(watch.Query["timeoutSeconds"], System.Globalization.CultureInfo.InvariantCulture), Is.InRange(300, 600));
        });
    }

    [Test]
    public async Task Watch_BookmarkForATypeWithRequiredMembers_MovesTheVersion()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Server.Cluster.Bookmark(Widget.Resource);
        var bookmarked = $"{Server.Cluster.Version}";
        await informer.EventuallyAsync("the state is at the bookmark", () => informer.Informer.State == new ReflectorState.Watching(bookmarked));
        Server.CloseWatches();

        await informer.EventuallyAsync("the next watch starts at the bookmark", () => LastWatch().Query["resourceVersion"] == bookmarked);
        Assert.That(informer.Observer.Told, Is.Empty);
    }

    [Test]
    public async Task Watch_IdleWatchClosedByTheServer_IsNormalExpiry()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);
        informer.Time.Advance(ReflectorOptions.ShortWatch);
        var before = informer.Time.GetUtcNow();

        Server.CloseWatches();

        // The clock stands still: a pause for backoff would never end.
        await Eventually.TrueAsync("a second watch without a pause", () => Watches() == 2 && Server.OpenWatches == 1);
        Assert.Multiple(() =>
        {
            Assert.That(Lists(), Is.EqualTo(1));
            Assert.That(informer.Time.GetUtcNow(), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task Watch_ServerClosesEveryWatchAtOnce_BacksOff()
    {
        var listWatch = new ClosingListWatch();
        await using var informer = WidgetInformer.Start(Server, listWatch);
        var until = informer.Time.GetUtcNow().AddMinutes(1);

        await informer.EventuallyAsync("a minute", () => listWatch.Watches > 1 && informer.Time.GetUtcNow() >= until);

        // 0.6 + 1.2 + 2.4 + ... seconds: some seven in a minute, where a loop without pauses makes thousands.
        Assert.That(listWatch.Watches, Is.LessThan(15));
    }

    [Test]
    public async Task Watch_ConnectionBreaks_ResumesFromTheLastVersionWithoutAList()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);
        Put("a", 1);
        await informer.EventuallyAsync("a is cached", () => informer.SizeOf("a") == 1);

        Server.AbortWatches();
        Put("b", 1);

        await informer.EventuallyAsync("b is cached", () => informer.SizeOf("b") == 1);
        Assert.Multiple(() =>
        {
            Assert.That(Lists(), Is.EqualTo(1));
            Assert.That(informer.Observer.Told, Is.EqualTo(["added a 1", "added b 1"]));
        });
    }

    [Test]
    public async Task Watch_ApiServerRestarts_NoChangeIsLost()
    {
        Put("gone", 1);
        Put("changed", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        await Server.StopAsync();
        Delete("gone");
        Put("changed", 2);
        Put("new", 1);
        await Server.StartAsync();

        await informer.EventuallyAsync("two listed, three changes", () => informer.Observer.Told.Count == 5);
        Assert.That(
            informer.Observer.Told, Is.EquivalentTo(["listed gone 1", "listed changed 1", "deleted gone 1", "updated changed 2", "added new 1"]));
    }

    [Test]
    public async Task Watch_GoneByErrorEvent_ListsAgainAndFindsDeletes()
    {
        Put("gone", 1);
        Put("same", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        await Server.StopAsync();
        Delete("gone");
        Put("new", 1);
        Server.Cluster.Compact();
        await Server.StartAsync();

        await informer.EventuallyAsync("the new list is cached", () => informer.SizeOf("new") == 1 && informer.SizeOf("gone") is null);
        Assert.Multiple(() =>
        {
            Assert.That(Lists(), Is.EqualTo(2));
            Assert.That(informer.Observer.Told, Is.EquivalentTo(["listed gone 1", "listed same 1", "added new 1", "deleted gone 1"]));
        });
    }

    [Test]
    public async Task Watch_GoneByErrorEventInAStreamThatStaysOpen_ListsAgain()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        // The client reports the error aside and reads on; the server need not close.
        Server.Cluster.Announce(Widget.Resource, "ERROR", FakeAnswer.Failure(410, "Expired").Body);

        await Eventually.TrueAsync("the state is empty before any clock moves", () => informer.Informer.State is ReflectorState.Empty);
        await informer.EventuallyAsync("a second list", () => Lists() == 2);
    }

    [Test]
    public async Task Watch_GoneByHttpStatus_ListsAgain()
    {
        Server.Fail(request => request.IsWatch, 410, "Gone");

        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Assert.That(Lists(), Is.EqualTo(2));
    }

    [Test]
    public async Task Watch_AlwaysGoneRightAfterTheList_BacksOff()
    {
        Server.Fail(request => request.IsWatch, 410, "Gone", times: int.MaxValue);
        await using var informer = WidgetInformer.Start(Server);
        var until = informer.Time.GetUtcNow().AddMinutes(1);

        await informer.EventuallyAsync("a minute", () => Lists() > 1 && informer.Time.GetUtcNow() >= until);

        Assert.That(Lists(), Is.LessThan(15));
    }

    [TestCase(500, "InternalError")]
    [TestCase(504, "Timeout")]
    public async Task Watch_OtherErrorEvent_ListsAgain(int code, string reason)
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Server.Cluster.Announce(Widget.Resource, "ERROR", FakeAnswer.Failure(code, reason).Body);
        Put("a", 1);

        await informer.EventuallyAsync("a second list", () => Lists() == 2 && informer.SizeOf("a") == 1);
    }

    [Test]
    public async Task Watch_LineThatIsNoEvent_ListsAgainSinceAnEventMayBeLost()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Server.Cluster.Announce(Widget.Resource, "NONSENSE", []);
        Put("a", 1);

        await informer.EventuallyAsync("a second list", () => Lists() == 2 && informer.SizeOf("a") == 1);
    }

    [Test]
    public async Task Watch_HalfDeadFromTheStart_WatchdogOpensAnother()
    {
        Server.Hang(request => request.IsWatch);
        await using var informer = WidgetInformer.Start(Server);
        await Eventually.TrueAsync("a watch that gets no answer", () => Watches() == 1);

        informer.Time.Advance(WidgetInformer.IdleTimeout);

        await Eventually.TrueAsync("a second watch", () => Watches() == 2);
        Put("a", 1);
        await Eventually.TrueAsync("a is cached", () => informer.SizeOf("a") == 1);
        Assert.That(Lists(), Is.EqualTo(1));
    }

    [Test]
    public async Task Watch_HalfDeadAfterEvents_WatchdogOpensAnotherFromTheLastVersion()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);
        Put("a", 1);
        await Eventually.TrueAsync("a is cached", () => informer.SizeOf("a") == 1);

        informer.Time.Advance(WidgetInformer.IdleTimeout);

        await Eventually.TrueAsync("a second watch", () => Watches() == 2);
        Assert.That(LastWatch().Query["resourceVersion"], Is.EqualTo($"{Server.Cluster.Version}"));
    }

    [Test]
    public async Task Watch_EventsOrBookmarksKeepComing_WatchdogStaysQuiet()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        for (var minute = 0; minute < 10; minute++)
        {
            informer.Time.Advance(TimeSpan.FromMinutes(1));
            Server.Cluster.Bookmark(Widget.Resource);
            var bookmarked = new ReflectorState.Watching($"{Server.Cluster.Version}");
            await Eventually.TrueAsync("the bookmark", () => informer.Informer.State == bookmarked);
        }

        Assert.That(Watches(), Is.EqualTo(1));
    }

    [TestCase(429, "TooManyRequests")]
    [TestCase(500, "InternalError")]
    [TestCase(503, "ServiceUnavailable")]
    public async Task Watch_TransientRefusal_IsRetriedFromTheSameVersion(int code, string reason)
    {
        Server.Fail(request => request.IsWatch, code, reason, times: 3);

        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Assert.Multiple(() =>
        {
            Assert.That(Watches(), Is.EqualTo(4));
            Assert.That(Lists(), Is.EqualTo(1));
        });
    }

    private int Watches() => Server.Requests.Count(request => request.IsWatch);

    private int Lists() => Server.Requests.Count(request => request.IsList);

    private FakeRequest LastWatch() => Server.Requests.Last(request => request.IsWatch);
}
