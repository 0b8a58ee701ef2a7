using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.ControlRuntime.Tests.Objects;

internal sealed class ObjectClientTests : FakeApiTests
{
    private const string Pods = "api/v1/pods";
    private static readonly ObjectKey Key = new("team", "run-1");

    private ObjectClient<V1Pod> _pods = null!;

    [SetUp]
    public void SetUp() => _pods = new ObjectClient<V1Pod>(Client, ResourceDefinition.Of<V1Pod>(), null);

    [Test]
    public async Task Get_NoSuchObject_Null() => Assert.That(await _pods.GetAsync(Key, CancellationToken.None), Is.Null);

    [Test]
    public void Get_ServerFails_Throws()
    {
        Server.Fail(request => request.Method == "GET", 500, "InternalError");

        Assert.That(async () => await _pods.GetAsync(Key, CancellationToken.None), Throws.TypeOf<HttpOperationException>());
    }

    [Test]
    public async Task Create_NewName_CreatesAndCanBeRead()
    {
        var created = await CreateAsync("uid-1");

        var read = await _pods.GetAsync(Key, CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(created.Metadata.Uid, Is.Not.Empty);
            Assert.That(read!.Metadata.Uid, Is.EqualTo(created.Metadata.Uid));
            Assert.That(Server.Requests.Select(request => $"{request.Method} {request.Path}"), Is.EqualTo(new[]
            {
                "POST /api/v1/namespaces/team/pods", "GET /api/v1/namespaces/team/pods/run-1",
            }));
            Assert.That((string?)Server.Cluster.Get(Pods, "team", "run-1")!["kind"], Is.EqualTo("Pod"), "the caller left it out");
        });
    }

    [Test]
    public async Task Create_NameIsTaken_Throws()
    {
        await CreateAsync("uid-1");

        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => CreateAsync("uid-1"));

        Assert.That(refusal.IsAlreadyExists(), Is.True);
    }

    [Test]
    public void Create_ServerRefuses_Throws()
    {
        Server.Fail(request => request.Method == "POST", 409, "Conflict");

        Assert.That(async () => await CreateAsync("uid-1"), Throws.TypeOf<HttpOperationException>());
    }

    [Test]
    public async Task Apply_Document_IsAForcedServerSideApplyAsUtf8()
    {
        Server.Cluster.Put(Pods, "team", "run-1", []);

        var version = await _pods.ApplyAsync(Key, "manager", Document(), CancellationToken.None);

        var request = Server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That($"{request.Method} {request.Path}", Is.EqualTo("PATCH /api/v1/namespaces/team/pods/run-1"));
            Assert.That(request.ContentType, Does.StartWith("application/apply-patch+yaml"));
            Assert.That((request.Query["fieldManager"], request.Query["force"]), Is.EqualTo(("manager", "true")));
            Assert.That(request.Body, Does.Contain("\"🎉\""));
            Assert.That(version, Is.EqualTo((string?)Server.Cluster.Get(Pods, "team", "run-1")!["metadata"]!["resourceVersion"]));
        });
    }

    [Test]
    public void Apply_DocumentWithStatus_IsRefusedBeforeItIsSent()
    {
        var document = Document();
        document["status"] = new JsonObject();

        Assert.That(
            async () =>
                await _pods.ApplyAsync(Key, "manager", document, CancellationToken.None), Throws.ArgumentException.With.Message.Contains("status"));
        Assert.That(Server.Requests, Is.Empty);
    }

    [TestCase(null, null, true)]
    [TestCase("uid-a", null, true)]
    [TestCase("uid-b", null, false, Description = "a namesake")]
    [TestCase("uid-a", "1", false, Description = "an older version")]
    public async Task Patch_NamedObject_ChangesItOrNothing(string? uid, string? version, bool isPatched)
    {
        var stored = Server.Cluster.Put(Pods, "team", "run-1", new JsonObject { ["metadata"] = new JsonObject { ["uid"] = "uid-a" } });
        var patch = new { metadata = new { uid, resourceVersion = version, annotations = new Dictionary<string, string> { ["beat"] = "now" } } };

        Assert.That(await _pods.PatchAsync(Key, Without(patch), CancellationToken.None), Is.EqualTo(isPatched));

        var now = Server.Cluster.Get(Pods, "team", "run-1")!;
        Assert.That((string?)now["metadata"]!["annotations"]?["beat"], Is.EqualTo(isPatched ? "now" : null));
        Assert.That((string?)now["metadata"]!["uid"], Is.EqualTo((string?)stored["metadata"]!["uid"]));
        Assert.That(Server.Requests.Single().ContentType, Does.StartWith("application/merge-patch+json"));
    }

    [Test]
    public async Task Patch_NoSuchObject_False() => Assert.That(await _pods.PatchAsync(Key, new { }, CancellationToken.None), Is.False);

    [Test]
    public async Task Delete_ThisObject_IsGoneAndAgainIsNoFailure()
    {
        var pod = await CreateAsync("uid-1");

        await _pods.DeleteAsync(pod, CancellationToken.None);
        await _pods.DeleteAsync(pod, CancellationToken.None);

        Assert.That(Server.Cluster.Get(Pods, "team", "run-1"), Is.Null);
    }

    [TestCase(null)]
    [TestCase(0)]
    [TestCase(1)]
    public async Task Delete_WithAGracePeriod_SaysIt(int? graceSeconds)
    {
        var pod = await CreateAsync("uid-1");

        await _pods.DeleteAsync(pod, graceSeconds, CancellationToken.None);

        Assert.That((int?)JsonNode.Parse(Server.Requests[^1].Body)!["gracePeriodSeconds"], Is.EqualTo(graceSeconds));
    }

    [Test]
    public async Task Delete_Namesake_IsLeftAlone()
    {
        await CreateAsync("uid-1");

        await _pods.DeleteAsync(Key, new V1Preconditions { Uid = "another" }, null, CancellationToken.None);
        await _pods.DeleteAsync(Key, new V1Preconditions { ResourceVersion = "1" }, null, CancellationToken.None);

        Assert.That(Server.Cluster.Get(Pods, "team", "run-1"), Is.Not.Null);
    }

    [Test]
    public async Task Delete_ServerRefuses_Throws()
    {
        var pod = await CreateAsync("uid-1");
        Server.Fail(request => request.Method == "DELETE", 403, "Forbidden");

        Assert.That(async () => await _pods.DeleteAsync(pod, CancellationToken.None), Throws.TypeOf<HttpOperationException>());
    }

    [Test]
    public async Task EveryCall_ClusterScopedKindOfAGroup_HasNoNamespaceInThePath()
    {
        var widgets = new ObjectClient<Widget>(Client, Widget.Definition with { Namespaced = false }, null);
        var key = new ObjectKey("", "a");
        var widget = new Widget { Metadata = new V1ObjectMeta { Name = "a" }, Spec = new WidgetSpec { Size = 1 } };

        var created = await widgets.CreateAsync(widget, CancellationToken.None);
        await widgets.GetAsync(key, CancellationToken.None);
        await widgets.PatchAsync(key, new { spec = new { size = 2 } }, CancellationToken.None);
        await widgets.DeleteAsync(created, CancellationToken.None);

        Assert.That(Server.Requests.Select(request => $"{request.Method} {request.Path}"), Is.EqualTo(new[]
        {
            "POST /apis/test.dev/v1/widgets", "GET /apis/test.dev/v1/widgets/a", "PATCH /apis/test.dev/v1/widgets/a",
            "DELETE /apis/test.dev/v1/widgets/a",
        }));
    }

    private static JsonObject Document() => new()
    {
        ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = new JsonObject
        {
            ["name"] = "run-1",
            ["annotations"] = new JsonObject { ["note"] = "🎉" },
        },
    };

    /// <summary>In a merge patch null means "remove": what a case does not name is left out.</summary>
    private static JsonNode Without(object patch)
    {
        var node = JsonNode.Parse(KubernetesJson.Serialize(patch))!;
        foreach (var (name, value) in node["metadata"]!.AsObject().ToList())
        {
            if (value is null)
            {
                node["metadata"]!.AsObject().Remove(name);
            }
        }

        return node;
    }

    private Task<V1Pod> CreateAsync(string ownerUid) => _pods.CreateAsync(Pod(ownerUid), CancellationToken.None);

    private static V1Pod Pod(string ownerUid) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "run-1",
            NamespaceProperty = "team",
            OwnerReferences = [new V1OwnerReference { ApiVersion = "test.dev/v1", Kind = "Run", Name = "run", Uid = ownerUid, Controller = true }],
        },
    };
}
