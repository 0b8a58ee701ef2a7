using System.Collections.Concurrent;
using AgentOperator.ControlRuntime;
using AgentOperator.Integration.Support;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Integration.ControlRuntime;

internal sealed class InformerTests
{
    private TestNamespace _namespace = null!;
    private RuntimeHost _host = null!;

    [OneTimeSetUp]
    public Task InstallKind() => Gadgets.InstallAsync();

    [SetUp]
    public async Task SetUp()
    {
        _namespace = await ControlPlane.CreateNamespaceAsync();
        _host = await RuntimeHost.StartAsync(services => services
            .AddInformer<V1ConfigMap>(ResourceDefinition.Of<V1ConfigMap>(), options =>
            {
                options.Namespace = _namespace.Name;
                options.LabelSelector = "watched=yes";
                options.PageSize = 3;
            })
            .AddInformer<Gadget>(Gadget.Definition, options => options.Namespace = _namespace.Name));
    }

    [TearDown]
    public async Task TearDown()
    {
        await _host.DisposeAsync();
        await _namespace.DisposeAsync();
    }

    [Test]
    public async Task Watch_AddUpdateDelete_IsSeenAndWhatTheSelectorExcludesIsNot()
    {
        var informer = await _host.GetSyncedAsync<V1ConfigMap>();
        var observer = new ConfigMapObserver();
        using var subscription = informer.Subscribe(observer);

        await CreateAsync("ignored", "1", watched: false);
        await CreateAsync("a", "1");
        await ReplaceAsync("a", "2");
        await ControlPlane.Client.CoreV1.DeleteNamespacedConfigMapAsync("a", _namespace.Name);

        await Soon.BeTrueAsync(() => observer.Told.Count == 3, "three changes");
        Assert.That(observer.Told, Is.EqualTo(["added a 1", "updated a 2", "deleted a 2"]));
    }

    /// <summary>A server that cannot stream lists refuses to. One that ignored the request would cost each start the deadline.</summary>
    [Test]
    public async Task Start_WhetherTheServerStreamsListsOrNot_IsInSyncBeforeTheDeadline()
    {
        var started = TimeProvider.System.GetTimestamp();

        await _host.GetSyncedAsync<Gadget>();
        await _host.GetSyncedAsync<V1ConfigMap>();

        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(ReflectorOptions.StreamDeadline));
    }

    [Test]
    public async Task List_MorePagesThanOne_AllAreCached()
    {
        await _host.DisposeAsync();
        for (var i = 0; i < 10; i++)
        {
            await CreateAsync($"c{i}", "1");
        }

        _host = await RuntimeHost.StartAsync(services => services.AddInformer<V1ConfigMap>(ResourceDefinition.Of<V1ConfigMap>(), options =>
        {
            options.Namespace = _namespace.Name;
            options.LabelSelector = "watched=yes";
            options.PageSize = 3;
        }));

        var informer = await _host.GetSyncedAsync<V1ConfigMap>();
        Assert.Multiple(() =>
        {
            Assert.That(informer.List(), Has.Count.EqualTo(10));
            Assert.That(informer.List().Select(item => item.Metadata.ManagedFields), Is.All.Null);
        });
    }

    [Test]
    public async Task Watch_ApiServerIsKilledWhileObjectsChange_CacheEndsEqualToTheServer()
    {
        ControlPlane.RequireOurs();
        var informer = await _host.GetSyncedAsync<V1ConfigMap>();
        var observer = new ConfigMapObserver();
        using var subscription = informer.Subscribe(observer);
        await CreateAsync("deleted", "1");
        await CreateAsync("kept", "1");
        await Soon.BeTrueAsync(() => observer.Told.Count == 2, "both objects");

        // Changes are written until the kill and again as soon as the server is back, often before the informer has reconnected.
        var writing = WriteThroughAsync(rounds: 60);
        await ControlPlane.ControlAsync("kill", "kube-apiserver");
        await ControlPlane.ControlAsync("start", "kube-apiserver");
        await RetryAsync(() => ControlPlane.Client.CoreV1.DeleteNamespacedConfigMapAsync("deleted", _namespace.Name));
        await writing;

        await Soon.BeTrueAsync(
            async () => Versions(informer.List()).SequenceEqual(Versions((await ListAsync()).Items)), "the cache equals the server's list");
        Assert.Multiple(() =>
        {
            Assert.That(observer.Told, Does.Contain("deleted deleted 1"));
            Assert.That(observer.Told.Count(line => line == "added kept 1"), Is.EqualTo(1));
            Assert.That(observer.Told, Does.Contain("updated kept 59"));
        });
    }

    [Test]
    public async Task Watch_HistoryIsCompacted_ListsAgainAndLosesNothing()
    {
        ControlPlane.RequireOurs();
        var informer = await _host.GetSyncedAsync<V1ConfigMap>();
        await CreateAsync("a", "1");
        var key = new ObjectKey(_namespace.Name, "a");
        await Soon.BeTrueAsync(() => informer.Get(key) is not null, "a is cached");

        // A restarted server has no history: it answers 410 to versions from before its start.
        await ControlPlane.Client.CoreV1.CreateNamespacedSecretAsync(
            new V1Secret { Metadata = new V1ObjectMeta { Name = "moves-the-version" } }, _namespace.Name);
        using var lists = new ListCounter("v1/configmaps");
        await ControlPlane.ControlAsync("kill", "kube-apiserver");
        await ControlPlane.ControlAsync("start", "kube-apiserver");
        await RetryAsync(() => ReplaceAsync("a", "2"));

        await Soon.BeTrueAsync(() => informer.Get(key)?.Data["value"] == "2", "the change after the restart");
        Assert.That(lists.Count, Is.GreaterThanOrEqualTo(1), "the server answered 410 and the informer listed again");
    }

    /// <summary>A kind of the group "" and one of a definition, listed and watched.</summary>
    [Test]
    public async Task Watch_MetadataOnly_ServerLeavesTheRestOut()
    {
        await CreateAsync("listed", "1");
        await Gadgets.CreateAsync(_namespace.Name, "listed", 1);
        await using var host = await RuntimeHost.StartAsync(services => services
            .AddInformer<V1ConfigMap>(ResourceDefinition.Of<V1ConfigMap>(), MetadataOnly)
            .AddInformer<V1Pod>(Gadget.Definition, MetadataOnly));
        var maps = await host.GetSyncedAsync<V1ConfigMap>();
        var gadgets = await host.GetSyncedAsync<V1Pod>();

        await CreateAsync("watched", "1");
        await Gadgets.CreateAsync(_namespace.Name, "watched", 1);
        await ReplaceAsync("listed", "2");

        await Soon.BeTrueAsync(() => maps.List().Any(map => map.Metadata.Name == "watched") && gadgets.List().Count == 2, "what came later");
        var version = (await ControlPlane.Client.CoreV1.ReadNamespacedConfigMapAsync("listed", _namespace.Name)).Metadata.ResourceVersion;
        await Soon.BeTrueAsync(() => maps.Get(new ObjectKey(_namespace.Name, "listed"))!.Metadata.ResourceVersion == version, "the change");
        Assert.Multiple(() =>
        {
            Assert.That(maps.List().Select(map => map.Data), Is.All.Null);
            Assert.That(maps.Get(new ObjectKey(_namespace.Name, "watched"))!.Metadata.Labels["watched"], Is.EqualTo("yes"));
            Assert.That(gadgets.List().Select(gadget => (gadget.Kind, gadget.Spec)), Is.All.EqualTo((Gadget.Definition.Kind, (V1PodSpec?)null)));
        });

        void MetadataOnly<T>(InformerOptions<T> options)
            where T : IKubernetesObject<V1ObjectMeta>
        {
            options.Namespace = _namespace.Name;
            options.MetadataOnly = true;
        }
    }

    [Test]
    public async Task Watch_PoisonObjectOnTheServer_IsSkippedAndOthersGoOn()
    {
        await Gadgets.CreateAsync(_namespace.Name, "poison", "not a number");
        var informer = await _host.GetSyncedAsync<Gadget>();

        await Gadgets.CreateAsync(_namespace.Name, "poison-too", "not a number");
        await Gadgets.CreateAsync(_namespace.Name, "good", 7);

        await Soon.BeTrueAsync(() => informer.Get(new ObjectKey(_namespace.Name, "good"))?.Spec.Size == 7, "the good one");
        Assert.That(informer.List(), Has.Count.EqualTo(1));
    }

    private static IEnumerable<string> Versions(IEnumerable<V1ConfigMap> items) =>
        items.Select(item => $"{item.Metadata.Name} {item.Metadata.ResourceVersion}").Order();

    private static async Task RetryAsync(Func<Task> call) => await Soon.BeTrueAsync(
        async () =>
        {
            try
            {
                await call();
                return true;
            }
            catch (HttpOperationException exception) when (exception.IsNotFound())
            {
                // An earlier try deleted it, but its answer was lost.
                return true;
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpOperationException or IOException)
            {
                return false;
            }
        },
        "the server takes the write");

    private async Task WriteThroughAsync(int rounds)
    {
        for (var round = 2; round < rounds; round++)
        {
            await RetryAsync(() => ReplaceAsync("kept", $"{round}"));
        }
    }

    private Task<V1ConfigMapList> ListAsync() =>
        ControlPlane.Client.CoreV1.ListNamespacedConfigMapAsync(_namespace.Name, labelSelector: "watched=yes");

    private Task CreateAsync(string name, string value, bool watched = true) =>
        ControlPlane.Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap(name, value, watched), _namespace.Name);

    private Task ReplaceAsync(string name, string value) =>
        ControlPlane.Client.CoreV1.ReplaceNamespacedConfigMapAsync(ConfigMap(name, value, watched: true), name, _namespace.Name);

    private static V1ConfigMap ConfigMap(string name, string value, bool watched) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["watched"] = watched ? "yes" : "no" } },
        Data = new Dictionary<string, string> { ["value"] = value },
    };

    private sealed class ConfigMapObserver : IInformerObserver<V1ConfigMap>
    {
        private readonly ConcurrentQueue<string> _told = new();

        public IReadOnlyList<string> Told => [.. _told];

        public void OnAdded(V1ConfigMap added, bool isInInitialList) => Write("added", added);

        public void OnUpdated(V1ConfigMap previous, V1ConfigMap current) => Write("updated", current);

        public void OnDeleted(V1ConfigMap deleted) => Write("deleted", deleted);

        private void Write(string what, V1ConfigMap item) => _told.Enqueue($"{what} {item.Metadata.Name} {item.Data["value"]}");
    }
}
