
namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class InformerWatchTests
{
    private FakeApiServer _server = null!;

    [SetUp]
    public async Task StartServer() => _server = await FakeApiServer.StartNewAsync();

    [TearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task Watch_ObjectAddedUpdatedDeleted_ObserverIsToldInOrder()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        Put("a", 1);
        Put("a", 2);
        _server.Cluster.Delete(Widget.Resource, "default", "a");

        await informer.EventuallyAsync(() => informer.Observer.Told.Count == 3, "three changes");
        Assert.Multiple(() =>
        {
            Assert.That(informer.Observer.Told, Is.EqualTo(["added a 1", "updated a 2", "deleted a 2"]));
            Assert.That(informer.SizeOf("a"), Is.Null);
        });
    }

    [Test]
    public async Task Watch_Always_AsksForBookmarksAndATimeout()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        var watch = _server.Requests.First(request => request.IsWatch);

        Assert.Multiple(() =>
        {
            Assert.That(watch.Query["allowWatchBookmarks"], Is.EqualTo("true"));
            Assert.That(int.Parse(watch.Query["timeoutSeconds"], System.Globalization.CultureInfo.InvariantCulture), Is.InRange(300, 600));
        });
    }

    [Test]
    public async Task Watch_BookmarkForATypeWithRequiredMembers_MovesTheVersion()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        _server.Cluster.Bookmark(Widget.Resource);
        var bookmarked = $"{_server.Cluster.Version}";
        await informer.EventuallyAsync(() => informer.Informer.State == new ReflectorState.Watching(bookmarked), "the state is at the bookmark");
        _server.CloseWatches();

        await informer.EventuallyAsync(() => LastWatch().Query["resourceVersion"] == bookmarked, "the next watch starts at the bookmark");
        Assert.That(informer.Observer.Told, Is.Empty);
    }

    [Test]
    public async Task Watch_IdleWatchClosedByTheServer_IsNormalExpiry()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);
        informer.Time.Advance(ReflectorOptions.ShortWatch);
        var before = informer.Time.GetUtcNow();

        _server.CloseWatches();

        // The clock stands still: a pause for backoff would never end.
        await Eventually.TrueAsync("a second watch without a pause", () => Watches() == 2 && _server.OpenWatches == 1);
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
        await using var informer = WidgetInformer.Start(_server, listWatch);
        var until = informer.Time.GetUtcNow().AddMinutes(1);

        await informer.EventuallyAsync(() => listWatch.Watches > 1 && informer.Time.GetUtcNow() >= until, "a minute");

        // 0.6 + 1.2 + 2.4 + ... seconds: some seven in a minute, where a loop without pauses makes thousands.
        Assert.That(listWatch.Watches, Is.LessThan(15));
    }

    [Test]
    public async Task Watch_ConnectionBreaks_ResumesFromTheLastVersionWithoutAList()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);
        Put("a", 1);
        await informer.EventuallyAsync(() => informer.SizeOf("a") == 1, "a is cached");

        _server.AbortWatches();
        Put("b", 1);

        await informer.EventuallyAsync(() => informer.SizeOf("b") == 1, "b is cached");
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
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        await _server.StopAsync();
        _server.Cluster.Delete(Widget.Resource, "default", "gone");
        Put("changed", 2);
        Put("new", 1);
        await _server.StartAsync();

        await informer.EventuallyAsync(() => informer.Observer.Told.Count == 5, "two listed, three changes");
        Assert.That(
            informer.Observer.Told, Is.EquivalentTo(["listed gone 1", "listed changed 1", "deleted gone 1", "updated changed 2", "added new 1"]));
    }

    [Test]
    public async Task Watch_GoneByErrorEvent_ListsAgainAndFindsDeletes()
    {
        Put("gone", 1);
        Put("same", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        await _server.StopAsync();
        _server.Cluster.Delete(Widget.Resource, "default", "gone");
        Put("new", 1);
        _server.Cluster.Compact();
        await _server.StartAsync();

        await informer.EventuallyAsync(() => informer.SizeOf("new") == 1 && informer.SizeOf("gone") is null, "the new list is cached");
        Assert.Multiple(() =>
        {
            Assert.That(Lists(), Is.EqualTo(2));
            Assert.That(informer.Observer.Told, Is.EquivalentTo(["listed gone 1", "listed same 1", "added new 1", "deleted gone 1"]));
        });
    }

    [Test]
    public async Task Watch_GoneByErrorEventInAStreamThatStaysOpen_ListsAgain()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        // The client reports the error aside and reads on; the server need not close.
        _server.Cluster.Announce(Widget.Resource, "ERROR", FakeAnswer.Failure(410, "Expired").Body);

        await Eventually.TrueAsync("the state is empty before any clock moves", () => informer.Informer.State is ReflectorState.Empty);
        await informer.EventuallyAsync(() => Lists() == 2, "a second list");
    }

    [Test]
    public async Task Watch_GoneByHttpStatus_ListsAgain()
    {
        _server.Fail(request => request.IsWatch, 410, "Gone");

        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        Assert.That(Lists(), Is.EqualTo(2));
    }

    [Test]
    public async Task Watch_AlwaysGoneRightAfterTheList_BacksOff()
    {
        _server.Fail(request => request.IsWatch, 410, "Gone", times: int.MaxValue);
        await using var informer = WidgetInformer.Start(_server);
        var until = informer.Time.GetUtcNow().AddMinutes(1);

        await informer.EventuallyAsync(() => Lists() > 1 && informer.Time.GetUtcNow() >= until, "a minute");

        Assert.That(Lists(), Is.LessThan(15));
    }

    [TestCase(500, "InternalError")]
    [TestCase(504, "Timeout")]
    public async Task Watch_OtherErrorEvent_ListsAgain(int code, string reason)
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        _server.Cluster.Announce(Widget.Resource, "ERROR", FakeAnswer.Failure(code, reason).Body);
        Put("a", 1);

        await informer.EventuallyAsync(() => Lists() == 2 && informer.SizeOf("a") == 1, "a second list");
    }

    [Test]
    public async Task Watch_LineThatIsNoEvent_ListsAgainSinceAnEventMayBeLost()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        _server.Cluster.Announce(Widget.Resource, "NONSENSE", []);
        Put("a", 1);

        await informer.EventuallyAsync(() => Lists() == 2 && informer.SizeOf("a") == 1, "a second list");
    }

    [Test]
    public async Task Watch_HalfDeadFromTheStart_WatchdogOpensAnother()
    {
        _server.Hang(request => request.IsWatch);
        await using var informer = WidgetInformer.Start(_server);
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
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);
        Put("a", 1);
        await Eventually.TrueAsync("a is cached", () => informer.SizeOf("a") == 1);

        informer.Time.Advance(WidgetInformer.IdleTimeout);

        await Eventually.TrueAsync("a second watch", () => Watches() == 2);
        Assert.That(LastWatch().Query["resourceVersion"], Is.EqualTo($"{_server.Cluster.Version}"));
    }

    [Test]
    public async Task Watch_EventsOrBookmarksKeepComing_WatchdogStaysQuiet()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        for (var minute = 0; minute < 10; minute++)
        {
            informer.Time.Advance(TimeSpan.FromMinutes(1));
            _server.Cluster.Bookmark(Widget.Resource);
            var bookmarked = new ReflectorState.Watching($"{_server.Cluster.Version}");
            await Eventually.TrueAsync("the bookmark", () => informer.Informer.State == bookmarked);
        }

        Assert.That(Watches(), Is.EqualTo(1));
    }

    [TestCase(429, "TooManyRequests")]
    [TestCase(500, "InternalError")]
    [TestCase(503, "ServiceUnavailable")]
    public async Task Watch_TransientRefusal_IsRetriedFromTheSameVersion(int code, string reason)
    {
        _server.Fail(request => request.IsWatch, code, reason, times: 3);

        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        Assert.Multiple(() =>
        {
            Assert.That(Watches(), Is.EqualTo(4));
            Assert.That(Lists(), Is.EqualTo(1));
        });
    }

    private void Put(string name, int size) => _server.Cluster.Put(Widget.Resource, "default", name, Widget.Json(size));

    private int Watches() => _server.Requests.Count(request => request.IsWatch);

    private int Lists() => _server.Requests.Count(request => request.IsList);

    private FakeRequest LastWatch() => _server.Requests.Last(request => request.IsWatch);
}
