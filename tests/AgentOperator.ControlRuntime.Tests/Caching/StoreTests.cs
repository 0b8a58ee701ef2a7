using k8s.Models;

namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class StoreTests
{
    private readonly Store<Widget> _store = new(
        new Dictionary<string, Func<Widget, IEnumerable<string>>> { ["bySize"] = widget => [$"{widget.Spec.Size}"] });

    [Test]
    public void TryPut_SameVersionAgain_IsNoChange()
    {
        Put("a", "1", size: 1);

        Assert.That(Put("a", "1", size: 1), Is.False);
    }

    [Test]
    public void TryPut_SameVersionOfAnotherUid_IsAChange()
    {
        Put("a", "1", size: 1, uid: "old");

        Assert.That(Put("a", "1", size: 1, uid: "new"), Is.True);
    }

    [Test]
    public void TryPut_IndexedValueChanges_MovesTheObject()
    {
        Put("a", "1", size: 1);
        Put("a", "2", size: 2);

        Assert.Multiple(() =>
        {
            Assert.That(_store.ByIndex("bySize", "1"), Is.Empty);
            Assert.That(_store.ByIndex("bySize", "2"), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void TryRemove_KnownObject_LeavesEveryIndex()
    {
        Put("a", "1", size: 1);

        var removed = _store.TryRemove(new ObjectKey("default", "a"), out var change);

        Assert.Multiple(() =>
        {
            Assert.That(removed, Is.True);
            Assert.That(change.Previous!.Spec.Size, Is.EqualTo(1));
            Assert.That(_store.List(null), Is.Empty);
            Assert.That(_store.List("default"), Is.Empty);
            Assert.That(_store.ByIndex("bySize", "1"), Is.Empty);
        });
    }

    private bool Put(string name, string version, int size, string uid = "uid") => _store.TryPut(
        new ObjectKey("default", name),
        new Widget
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", ResourceVersion = version, Uid = uid },
            Spec = new WidgetSpec { Size = size },
        },
        out _);
}
