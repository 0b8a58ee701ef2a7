
namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class InformerObserverTests : FakeApiTests
{
    [Test]
    public async Task Subscribe_AfterSync_ReplaysTheCacheAsInitialListAndThenTellsChanges()
    {
        Put("a", 1);
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);
        var late = new RecordingObserver();

        using (informer.Informer.Subscribe(late))
        {
            Put("b", 1);
            await informer.EventuallyAsync("the replay and the change", () => late.Told.Count == 2);
        }

        Put("c", 1);
        await informer.EventuallyAsync("a change after the subscription ended", () => informer.SizeOf("c") == 1);
        Assert.That(late.Told, Is.EqualTo(["listed a 1", "added b 1"]));
    }

    [Test]
    public async Task Change_ObserverThrows_TheOthersAreToldAndTheCacheGoesOn()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server);
        using var throwing = informer.Informer.Subscribe(new ThrowingObserver());
        var other = new RecordingObserver();
        using var subscription = informer.Informer.Subscribe(other);

        Put("a", 1);
        Put("a", 2);

        await informer.EventuallyAsync("both changes", () => other.Told.Count == 2);
        Assert.That(informer.SizeOf("a"), Is.EqualTo(2));
    }

    [Test]
    public async Task Cache_Objects_HaveNoManagedFieldsAndAreTransformed()
    {
        Put("a", 1);

        await using var informer = await WidgetInformer.StartSyncedAsync(
            Server, options => options.Transform = widget => new Widget
            {
                Metadata = widget.Metadata with { Annotations = new Dictionary<string, string> { ["seen"] = "yes" } }, Spec = widget.Spec,
            });

        var cached = informer.Informer.List().Single();
        Assert.Multiple(() =>
        {
            Assert.That(cached.Metadata.ManagedFields, Is.Null);
            Assert.That(cached.Metadata.Annotations["seen"], Is.EqualTo("yes"));
        });
    }

    [Test]
    public async Task Lister_OwnerAndNamedIndex_FindTheObjects()
    {
        Server.Cluster.Put(Widget.Resource, "default", "child", Widget.Json(7, ownerUid: "uid-1"));
        Server.Cluster.Put(Widget.Resource, "other", "stranger", Widget.Json(7));
        await using var informer = await WidgetInformer.StartSyncedAsync(
            Server, options => options.AddIndex("bySize", widget => [$"{widget.Spec.Size}"]));

        var lister = (ILister<Widget>)informer.Informer;

        Assert.Multiple(() =>
        {
            Assert.That(lister.ByOwner("uid-1").Select(ObjectKey.Of), Is.EqualTo([new ObjectKey("default", "child")]));
            Assert.That(lister.ByOwner("uid-2"), Is.Empty);
            Assert.That(lister.ByIndex("bySize", "7"), Has.Count.EqualTo(2));
            Assert.That(lister.List("other").Select(ObjectKey.Of), Is.EqualTo([new ObjectKey("other", "stranger")]));
            Assert.That(() => lister.ByIndex("byColour", "red"), Throws.ArgumentException);
        });
    }

    private sealed class ThrowingObserver : IInformerObserver<Widget>
    {
        public void OnAdded(Widget added, bool isInInitialList) => throw new InvalidOperationException("test");

        public void OnUpdated(Widget previous, Widget current) => throw new InvalidOperationException("test");

        public void OnDeleted(Widget deleted) => throw new InvalidOperationException("test");
    }
}
