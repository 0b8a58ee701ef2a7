using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentOperator.ControlRuntime.Tests.Hosting;

internal sealed class ControllerManagerTests : FakeApiTests
{
    private const string Lease = "apis/coordination.k8s.io/v1/leases";

    [Test]
    public async Task Run_ObjectsListedAndChanged_AreReconciled()
    {
        Put("listed");
        await using var host = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>());

        await Eventually.TrueAsync("the listed object", () => host.Reconciled.Contains("default/listed"));
        Put("added");
        await Eventually.TrueAsync("the added object", () => host.Reconciled.Contains("default/added"));
        Delete("added");
        await Eventually.TrueAsync("the deleted object", () => host.Reconciled.Count(key => key == "default/added") == 2);
    }

    [Test]
    public async Task Run_ChildChanges_ItsControllerIsReconciledEvenUnderAnotherVersionOfTheKind()
    {
        await using var host = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>().Owns<Widget>());

        Server.Cluster.Put(Widget.Resource, "default", "child", Widget.Json(1, ownerUid: "uid"));

        await Eventually.TrueAsync("the owner", () => host.Reconciled.Contains("default/owner"));
    }

    [Test]
    public async Task Run_WatchedKindChanges_TheMappedKeysAreReconciledBeforeAndAfter()
    {
        await using var host = await RuntimeHost.StartAsync(
            Server, controller => controller.For<Widget>().Watches<Widget>(widget => [new ObjectKey("size", $"{widget.Spec.Size}")]));
        Put("a", 1);
        await Eventually.TrueAsync("the first size", () => host.Reconciled.Contains("size/1"));

        Put("a", 2);

        await Eventually.TrueAsync(
            "the old size and the new one", () => host.Reconciled.Contains("size/2") && host.Reconciled.Count(key => key == "size/1") == 2);
    }

    [Test]
    public async Task Run_AnotherLeads_CachesAreWarmAndNothingIsReconciledUntilItGoes()
    {
        Put("a");
        await using var leader = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>());
        await Eventually.TrueAsync("the first leads", () => leader.Leadership.IsLeader);
        await using var follower = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>());
        await Eventually.TrueAsync("the second follows", () => follower.Leadership.Leader == leader.Leadership.Identity);

        Put("b");
        var lister = follower.Host.Services.GetRequiredService<ILister<Widget>>();
        await Eventually.TrueAsync("the follower's cache is warm", () => lister.Get(new ObjectKey("default", "b")) is not null);
        Assert.That(follower.Reconciled, Is.Empty);

        await leader.Host.StopAsync(CancellationToken.None);
        await Eventually.TrueAsync("the follower reconciles everything", () => follower.Reconciled.Distinct().Count() == 2);
    }

    /// <summary>A web server, for one, may take minutes to stop.</summary>
    [Test]
    public async Task Stop_AnotherServiceTakesLong_LeadershipIsHandedOverAndTheCachesStayWarm()
    {
        await using var leader = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>());
        await Eventually.TrueAsync("the first leads", () => leader.Leadership.IsLeader);
        await using var follower = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>());

        leader.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await Eventually.TrueAsync("the second leads", () => follower.Leadership.IsLeader);
        Put("a");
        var lister = leader.Host.Services.GetRequiredService<ILister<Widget>>();
        await Eventually.TrueAsync("the first's cache is warm", () => lister.Get(new ObjectKey("default", "a")) is not null);
    }

    [Test]
    public async Task Stop_ReconcileRuns_LeaseIsHeldUntilItFinished()
    {
        var release = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        await using var host = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>(), async (_, _) =>
        {
            started.SetResult();
            await release.Task;
            return Result.Done;
        });
        Put("a");
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        var stop = host.Host.StopAsync(CancellationToken.None);
        Put("b");
        var heldMeanwhile = Holder();
        release.SetResult();
        await stop;

        Assert.Multiple(() =>
        {
            Assert.That(heldMeanwhile, Is.EqualTo(host.Leadership.Identity));
            Assert.That(Holder(), Is.Null);
            Assert.That(host.Reconciled, Is.EqualTo(["default/a"]));
            Assert.That(host.Exit.Failed, Is.False);
        });
    }

    [Test]
    public async Task Stop_ReconcileDoesNotFinish_IsCancelledAfterTheDrainTimeout()
    {
        var cancelled = false;
        var started = new TaskCompletionSource();
        await using var host = await RuntimeHost.StartAsync(
            Server,
            controller => controller.For<Widget>(),
            async (_, cancellationToken) =>
            {
                started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancelled = true;
                return Result.Done;
            },
            options => options.DrainTimeout = TimeSpan.FromMilliseconds(100));
        Put("a");
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        await host.Host.StopAsync(CancellationToken.None);

        Assert.That(cancelled, Is.True);
        Assert.That(Holder(), Is.Null);
    }

    [Test]
    public async Task LeaseIsLost_ReconcileRuns_IsCancelledAndEverythingIsReconciledAgainOnceItLeadsAgain()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var host = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>(), async (_, cancellationToken) =>
        {
            if (started.TrySetResult())
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancelled.SetResult();
            }

            return Result.Done;
        });
        Put("a");
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        var outage = true;
        Server.Fail(
            request => Volatile.Read(ref outage) && request.Path.Contains("leases", StringComparison.Ordinal), 500, "InternalError",
            times: int.MaxValue);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Put("b");
        await Eventually.TrueAsync("it no longer leads", () => !host.Leadership.IsLeader);
        Assert.That(host.Reconciled, Is.EqualTo(["default/a"]), "nothing is reconciled without the lease");
        Volatile.Write(ref outage, false);

        await Eventually.TrueAsync(
            "both are reconciled under the new lease", () => host.Reconciled.Distinct().Count() == 2 && host.Reconciled.Count == 3);
        Assert.That(host.Leadership.IsLeader, Is.True);
        Assert.That(host.Exit.Failed, Is.False, "the process goes on");
    }

    [Test]
    public async Task LeaseIsLost_ReconcileDoesNotHeedItsCancellation_TheProcessEnds()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = await RuntimeHost.StartAsync(
            Server,
            controller => controller.For<Widget>(),
            async (_, _) =>
            {
                started.SetResult();
                await release.Task;
                return Result.Done;
            },
            options => options.DrainTimeout = TimeSpan.FromMilliseconds(100));
        Put("a");
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Server.Fail(request => request.Path.Contains("leases", StringComparison.Ordinal), 500, "InternalError", times: int.MaxValue);

        await Eventually.TrueAsync("the process is told to end", () => host.Exit.Failed);
        release.SetResult();
    }

    [Test]
    public async Task Stop_CachesNeverSync_Ends()
    {
        Server.Fail(request => request.Path.Contains("widgets", StringComparison.Ordinal), 404, "NotFound", times: int.MaxValue);
        await using var host = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>());
        await Eventually.TrueAsync("a list is tried", () => Server.Requests.Any());

        await host.Host.StopAsync(CancellationToken.None);

        Assert.That(Server.Cluster.Get(Lease, "default", "agent-operator"), Is.Null, "a process without caches must not lead");
    }

    [Test]
    public async Task Run_WithoutLeaderElection_LeadsAtOnceAndTouchesNoLease()
    {
        Put("a");
        await using var host = await RuntimeHost.StartAsync(
            Server, controller => controller.For<Widget>(), options: options => options.LeaderElection = false);

        await Eventually.TrueAsync("the object", () => host.Reconciled.Contains("default/a"));

        Assert.That(host.Leadership.IsLeader, Is.True);
        Assert.That(Server.Requests.Any(request => request.Path.Contains("leases", StringComparison.Ordinal)), Is.False);
    }

    [Test]
    public async Task Stop_ReconcileRecordedAnEventLast_ItIsWritten()
    {
        var recorder = new TaskCompletionSource<IEventRecorder>();
        await using var host = await RuntimeHost.StartAsync(Server, controller => controller.For<Widget>(), async (key, _) =>
        {
            (await recorder.Task)
                .Record(new V1ObjectReference { Kind = "Widget", Name = key.Name, NamespaceProperty = key.Namespace }, "Normal", "Last", "Act", "");
            return Result.Done;
        });
        Put("a");
        await Eventually.TrueAsync("the reconcile", () => !host.Reconciled.IsEmpty);

        var stop = host.Host.StopAsync(CancellationToken.None);
        recorder.SetResult(host.Host.Services.GetRequiredService<IEventRecorder>());
        await stop;

        Assert.That(Server.Cluster.List("api/v1/events", "default"), Has.Count.EqualTo(1));
    }

    private string? Holder() => (string?)Server.Cluster.Get(Lease, "default", "agent-operator")?["spec"]?["holderIdentity"];
}
