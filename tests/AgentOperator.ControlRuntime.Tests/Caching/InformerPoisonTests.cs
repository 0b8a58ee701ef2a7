
namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class InformerPoisonTests
{
    private FakeApiServer _server = null!;

    [SetUp]
    public async Task StartServer() => _server = await FakeApiServer.StartNewAsync();

    [TearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task List_PoisonObject_IsSkippedAndTheOthersAreCached()
    {
        Put("a", 1);
        Poison("b");
        Put("c", 1);

        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed c 1"]));
    }

    [Test]
    public async Task Watch_PoisonObject_IsSkippedAndTheStreamGoesOn()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        Poison("b");
        Put("c", 1);

        await informer.EventuallyAsync(() => informer.SizeOf("c") == 1, "c is cached");
        Assert.Multiple(() =>
        {
            Assert.That(informer.Observer.Told, Is.EqualTo(["added c 1"]));
            Assert.That(_server.Requests.Count(request => request.IsWatch), Is.EqualTo(1));
            Assert.That(informer.Informer.State, Is.EqualTo(new ReflectorState.Watching($"{_server.Cluster.Version}")));
        });
    }

    [Test]
    public async Task Watch_KnownObjectTurnsPoison_StaysAtItsLastGoodVersionUntilItIsGoodAgain()
    {
        Put("a", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        Poison("a");
        Put("b", 1);
        await informer.EventuallyAsync(() => informer.SizeOf("b") == 1, "what came after the poison");
        var whilePoisoned = informer.SizeOf("a");
        Put("a", 2);

        await informer.EventuallyAsync(() => informer.SizeOf("a") == 2, "the mended object");
        Assert.That(whilePoisoned, Is.EqualTo(1));
    }

    [Test]
    public async Task Relist_KnownObjectTurnsPoison_StaysAtItsLastGoodVersion()
    {
        Put("a", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        await _server.StopAsync();
        Poison("a");
        Put("b", 1);
        _server.Cluster.Compact();
        await _server.StartAsync();

        await informer.EventuallyAsync(() => informer.SizeOf("b") == 1, "the second list");
        Assert.That(informer.SizeOf("a"), Is.EqualTo(1));
    }

    [Test]
    public async Task Watch_PoisonObjectIsDeleted_LeavesTheCache()
    {
        Put("a", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(_server);

        Poison("a");
        _server.Cluster.Delete(Widget.Resource, "default", "a");

        await informer.EventuallyAsync(() => informer.SizeOf("a") is null, "a is gone");
        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "deleted a 1"]));
    }

    [Test]
    public async Task Watch_IndexFunctionThrows_OnlyThatObjectIsSkipped()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(
            _server,
            options =>
                options.AddIndex("bySize", widget => [widget.Spec.Size == 13 ? throw new InvalidOperationException() : $"{widget.Spec.Size}"]));

        Put("a", 13);
        Put("b", 1);

        await informer.EventuallyAsync(() => informer.SizeOf("b") == 1, "b is cached");
        Assert.That(informer.SizeOf("a"), Is.Null);
    }

    private void Put(string name, int size) => _server.Cluster.Put(Widget.Resource, "default", name, Widget.Json(size));

    private void Poison(string name) => _server.Cluster.Put(Widget.Resource, "default", name, Widget.Poison());
}
