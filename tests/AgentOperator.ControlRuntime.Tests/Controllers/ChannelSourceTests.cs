using System.Collections.Concurrent;

namespace AgentOperator.ControlRuntime.Tests.Controllers;

internal sealed class ChannelSourceTests
{
    private static readonly ObjectKey First = new("team", "first");

    [Test]
    public async Task Wake_ControllerIsBusy_DoesNotBlockAndQueuesEachKeyOnce()
    {
        var source = new ChannelSource();
        using var controller = new BusyController(source, []);
        await controller.BecomesBusyAsync(source);

        for (var round = 0; round < 3; round++)
        {
            source.Wake(new ObjectKey("team", "a"));
            source.Wake(new ObjectKey("team", "b"));
        }

        controller.Release();
        await controller.EndAsync();
        Assert.That(controller.Queued, Is.EquivalentTo(new[] { "team/first", "team/a", "team/b" }));
    }

    [Test]
    public async Task Wake_MoreKeysThanThereIsRoomFor_QueuesAllObjectsInstead()
    {
        var source = new ChannelSource(capacity: 2);
        using var controller = new BusyController(source, ["team/a", "team/b", "team/c", "team/d"]);
        await controller.BecomesBusyAsync(source);

        foreach (var name in (string[])["a", "b", "b", "c"])
        {
            source.Wake(new ObjectKey("team", name));
        }

        controller.Release();
        await controller.EndAsync();
        Assert.That(controller.Queued, Is.EquivalentTo(new[] { "team/first", "team/a", "team/b", "team/c", "team/d" }));
    }

    [Test]
    public async Task Wake_ManyWritersAtOnce_NoKeyIsLost()
    {
        var source = new ChannelSource(capacity: 50);
        var all = Enumerable.Range(0, 400).Select(number => $"team/{number}").ToArray();
        using var controller = new BusyController(source, all);
        controller.Release();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            for (var number = writer; number < all.Length; number += 8)
            {
                source.Wake(new ObjectKey("team", $"{number}"));
            }
        })));

        await controller.EndAsync();
        Assert.That(controller.Queued.Distinct(), Is.EquivalentTo(all));
    }

    [Test]
    public async Task Wake_NoControllerRuns_DoesNothing()
    {
        var source = new ChannelSource();
        source.Wake(First);
        using var controller = new BusyController(source, []);
        controller.Release();
        await controller.EndAsync();
        source.Wake(First);

        Assert.That(controller.Queued, Is.Empty);
    }

    [Test]
    public async Task Run_ControllerWatchesIt_ReconcilesWhatItWakes()
    {
        await using var server = await FakeApiServer.StartNewAsync();
        var source = new ChannelSource();
        server.Cluster.Put(Widget.Resource, "default", "a", Widget.Json(1));
        await using var host = await RuntimeHost.StartAsync(server, controller => controller.For<Widget>().Watches(_ => source));
        await Eventually.TrueAsync("the listed object", () => host.Reconciled.Contains("default/a"));

        source.Wake(new ObjectKey("default", "a"));

        await Eventually.TrueAsync("the wake-up", () => host.Reconciled.Count(key => key == "default/a") == 2);
    }

    /// <summary>A controller whose queue takes no key until it is released.</summary>
    private sealed class BusyController : IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly ChannelFeed _feed;

        public BusyController(ChannelSource source, IReadOnlyList<string> all) =>
            _feed = (ChannelFeed)source.Start(Enqueue, () => all.Select(key => key.Split('/')).Select(parts => new ObjectKey(parts[0], parts[1])));

        public ConcurrentQueue<string> Queued { get; } = new();

        public async Task BecomesBusyAsync(ChannelSource source)
        {
            source.Wake(First);
            await Eventually.TrueAsync("the first key reaches the controller", () => !Queued.IsEmpty);
        }

        public void Release() => _released.Set();

        public Task EndAsync()
        {
            _feed.Dispose();
            return _feed.Pumping.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        }

        public void Dispose()
        {
            Release();
            _feed.Dispose();
            _released.Dispose();
        }

        private void Enqueue(ObjectKey key, bool isInInitialList)
        {
            Queued.Enqueue(key.ToString());
            _released.Wait();
        }
    }
}
