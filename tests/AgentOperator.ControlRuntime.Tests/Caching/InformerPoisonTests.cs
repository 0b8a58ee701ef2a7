using System.Text.Json;
using System.Text.Json.Nodes;


namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class InformerPoisonTests : FakeApiTests
{
    [Test]
    public async Task List_PoisonObject_IsSkippedAndTheOthersAreCached()
    {
        Put("a", 1);
        Poison("b");
        Put("c", 1);

        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed c 1"]));
    }

    [Test]
    public async Task Watch_PoisonObject_IsSkippedAndTheStreamGoesOn()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Poison("b");
        Put("c", 1);

        await informer.EventuallyAsync("c is cached", () => informer.SizeOf("c") == 1);
        Assert.Multiple(() =>
        {
            Assert.That(informer.Observer.Told, Is.EqualTo(["added c 1"]));
            Assert.That(Server.Requests.Count(request => request.IsWatch), Is.EqualTo(1));
            Assert.That(informer.Informer.State, Is.EqualTo(new ReflectorState.Watching($"{Server.Cluster.Version}")));
        });
    }

    /// <summary>Fields that a schema leaves open may hold JSON that is nested deeper than readers go by default.</summary>
    [Test]
    public async Task ListAndWatch_ObjectIsNestedVeryDeep_ItAndTheOthersAreCached()
    {
        Put("a", 1);
        PutDeep("b");
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        PutDeep("c");
        Put("d", 1);

        await informer.EventuallyAsync("d is cached", () => informer.SizeOf("d") == 1);
        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "listed b 1", "added c 1", "added d 1"]));
    }

    [Test]
    public async Task Watch_KnownObjectTurnsPoison_StaysAtItsLastGoodVersionUntilItIsGoodAgain()
    {
        Put("a", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Poison("a");
        Put("b", 1);
        await informer.EventuallyAsync("what came after the poison", () => informer.SizeOf("b") == 1);
        var whilePoisoned = informer.SizeOf("a");
        Put("a", 2);

        await informer.EventuallyAsync("the mended object", () => informer.SizeOf("a") == 2);
        Assert.That(whilePoisoned, Is.EqualTo(1));
    }

    [Test]
    public async Task Relist_KnownObjectTurnsPoison_StaysAtItsLastGoodVersion()
    {
        Put("a", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        await Server.StopAsync();
        Poison("a");
        Put("b", 1);
        Server.Cluster.Compact();
        await Server.StartAsync();

        await informer.EventuallyAsync("the second list", () => informer.SizeOf("b") == 1);
        Assert.That(informer.SizeOf("a"), Is.EqualTo(1));
    }

    [Test]
    public async Task Watch_PoisonObjectIsDeleted_LeavesTheCache()
    {
        Put("a", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Poison("a");
        Delete("a");

        await informer.EventuallyAsync("a is gone", () => informer.SizeOf("a") is null);
        Assert.That(informer.Observer.Told, Is.EqualTo(["listed a 1", "deleted a 1"]));
    }

    [Test]
    public async Task Watch_IndexFunctionThrows_OnlyThatObjectIsSkipped()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(
            Server,
            options =>
                options.AddIndex("bySize", widget => [widget.Spec.Size == 13 ? throw new InvalidOperationException() : $"{widget.Spec.Size}"]));

        Put("a", 13);
        Put("b", 1);

        await informer.EventuallyAsync("b is cached", () => informer.SizeOf("b") == 1);
        Assert.That(informer.SizeOf("a"), Is.Null);
    }

    private void PutDeep(string name)
    {
        var deep = Widget.Json(1);
        deep["open"] = JsonNode.Parse(new string('[', 900) + new string(']', 900), documentOptions: new JsonDocumentOptions { MaxDepth = 900 });
        Server.Cluster.Put(Widget.Resource, "default", name, deep);
    }

    private void Poison(string name) => Server.Cluster.Put(Widget.Resource, "default", name, Widget.Poison());
}
