using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class InformerListTests : FakeApiTests
{
    [Test]
    public async Task List_SeveralPages_CachesEveryObject()
    {
        Put("a", "b", "c", "d", "e");

        await using var informer = await WidgetInformer.StartSyncedAsync(Server, options => options.PageSize = 2);

        Assert.Multiple(() =>
        {
            Assert.That(informer.Informer.List().Select(widget => widget.Metadata.Name), Is.EquivalentTo(["a", "b", "c", "d", "e"]));
            Assert.That(Lists().Select(request => request.Query["limit"]), Is.EqualTo(["2", "2", "2"]));
        });
    }

    [Test]
    public async Task List_ContinueTokenExpires_ListsInOnePiece()
    {
        Put("a", "b", "c");
        Server.Fail(request => request.Query.ContainsKey("continue"), 410, "Expired");

        await using var informer = await WidgetInformer.StartSyncedAsync(Server, options => options.PageSize = 2);

        Assert.Multiple(() =>
        {
            Assert.That(informer.Informer.List(), Has.Count.EqualTo(3));
            Assert.That(Lists()[^1].Query.ContainsKey("limit"), Is.False);
            Assert.That(informer.Observer.Told, Has.Count.EqualTo(3));
        });
    }

    [Test]
    public async Task List_FromServerCache_IsOneAnswerOfAnyAge()
    {
        Put("a", "b", "c");

        await using var informer = await WidgetInformer.StartSyncedAsync(Server, FromServerCache);

        Assert.That(informer.Informer.List(), Has.Count.EqualTo(3));
        Assert.That(
            Lists().Select(request => (request.Query.GetValueOrDefault("resourceVersion"), request.Query.ContainsKey("limit"))),
            Is.EqualTo(new[] { ("0", false) }));
    }

    [Test]
    public async Task List_FromServerCacheThatIsTooOldToWatchFrom_IsReadConsistentlyNext()
    {
        Put("a", "b", "c");
        Server.Fail(request => request.IsWatch, 410, "Gone");

        await using var informer = WidgetInformer.Start(Server, FromServerCache);

        await informer.EventuallyAsync("the second list, in two pages", () => Lists().Count == 3);
        Assert.That(Lists().Select(request => request.Query.GetValueOrDefault("resourceVersion")), Is.EqualTo(new[] { "0", null, null }));
    }

    [TestCase(403, "Forbidden")]
    [TestCase(404, "NotFound")]
    [TestCase(429, "TooManyRequests")]
    [TestCase(500, "InternalError")]
    public async Task List_Refused_IsRetriedUntilItSucceeds(int code, string reason)
    {
        Put("a");
        Server.Fail(request => request.IsList, code, reason, times: 3);

        await using var informer = await WidgetInformer.StartSyncedAsync(Server);

        Assert.That(Lists(), Has.Count.EqualTo(4));
    }

    [Test]
    public async Task List_RefusedWithRetryAfter_WaitsThatLong()
    {
        Server.Fail(request => request.IsList, 429, "TooManyRequests", retryAfter: 20);
        await using var informer = WidgetInformer.Start(Server);
        var asked = informer.Time.GetUtcNow();

        await informer.EventuallyAsync("a second list", () => Lists().Count == 2);

        Assert.That(informer.Time.GetUtcNow() - asked, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task List_ClientTimesOut_IsRetried()
    {
        Put("a");
        Server.Hang(request => request.IsList);
        using var client = new Kubernetes(new KubernetesClientConfiguration
        {
            Host = $"http://127.0.0.1:{Server.Port}", HttpClientTimeout = TimeSpan.FromMilliseconds(200),
        });
        var listWatch = new ListWatch(client, Widget.Definition, new ListScope());
        await using var informer = WidgetInformer.Start(Server, listWatch);

        await informer.EventuallyAsync("a is cached", () => informer.SizeOf("a") == 1);

        Assert.That(Lists(), Has.Count.GreaterThanOrEqualTo(2), "more when this machine is slower than the client is patient");
    }

    [Test]
    public async Task List_ObjectsOfTheCoreGroup_AreReadAndGetTheirKind()
    {
        Server.Cluster.Put("api/v1/pods", "default", "pod", new() { ["spec"] = new System.Text.Json.Nodes.JsonObject() });
        using var client = Server.CreateClient();
        using var metrics = new ControlRuntimeMetrics();
        using var stop = new CancellationTokenSource();
        var definition = ResourceDefinition.Of<V1Pod>();
        var informer = new Informer<V1Pod>(
            definition, new InformerOptions<V1Pod>(), new ListWatch(client, definition, new ListScope()),
            new ReflectorOptions(500, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(30)), new FakeTimeProvider(), () => 0.5,
            metrics,
            NullLogger<Informer<V1Pod>>.Instance);

        var running = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        await stop.CancelAsync();
        await running;

        var pod = informer.Get(new ObjectKey("default", "pod"));
        Assert.Multiple(() =>
        {
            Assert.That(pod!.Kind, Is.EqualTo("Pod"));
            Assert.That(pod.ApiVersion, Is.EqualTo("v1"));
            Assert.That(Lists()[0].Path, Is.EqualTo("/api/v1/pods"));
        });
    }

    [Test]
    public async Task List_NamespaceAndSelectors_AreSent()
    {
        await using var informer = await WidgetInformer.StartSyncedAsync(Server, options =>
        {
            options.Namespace = "team";
            options.LabelSelector = "app=x";
            options.FieldSelector = "metadata.name=y";
        });

        Assert.Multiple(() =>
        {
            foreach (var request in Server.Requests)
            {
                Assert.That(request.Path, Is.EqualTo("/apis/test.dev/v1/namespaces/team/widgets"));
                Assert.That(request.Query["labelSelector"], Is.EqualTo("app=x"));
                Assert.That(request.Query["fieldSelector"], Is.EqualTo("metadata.name=y"));
            }
        });
    }

    [Test]
    public async Task Run_Cancelled_EndsWithoutAnException()
    {
        var informer = await WidgetInformer.StartSyncedAsync(Server);

        await informer.DisposeAsync();

        Assert.That(informer.IsRunning, Is.False);
    }

    private static void FromServerCache(InformerOptions<Widget> options) => (options.ListFromServerCache, options.PageSize) = (true, 2);

    private void Put(params string[] names)
    {
        foreach (var name in names)
        {
            Server.Cluster.Put(Widget.Resource, "default", name, Widget.Json(1));
        }
    }

    private List<FakeRequest> Lists() => [.. Server.Requests.Where(request => request.IsList)];
}
