using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Autorest;

namespace AgentOperator.ControlRuntime.Tests.Objects;

internal sealed class ApplyStatusTests : FakeApiTests
{
    private static readonly ObjectKey Key = new("team", "a");

    [Test]
    public async Task Apply_StatusDocument_IsAForcedServerSideApplyOfTheStatusSubresource()
    {
        Server.Cluster.Put(Widget.Resource, "team", "a", Widget.Json(1));

        await Widgets().ApplyStatusAsync(Key, "manager", Document(), CancellationToken.None);

        var request = Server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(request.Method, Is.EqualTo("PATCH"));
            Assert.That(request.Path, Is.EqualTo("/apis/test.dev/v1/namespaces/team/widgets/a/status"));
            Assert.That(request.ContentType, Does.StartWith("application/apply-patch+yaml"));
            Assert.That(request.Query["fieldManager"], Is.EqualTo("manager"));
            Assert.That(request.Query["force"], Is.EqualTo("true"));
            Assert.That(JsonNode.DeepEquals(JsonNode.Parse(request.Body), Document()), Is.True, request.Body);
        });
    }

    [Test]
    public async Task Apply_OwnJsonOptions_AreUsed()
    {
        Server.Cluster.Put(Widget.Resource, "team", "a", Widget.Json(1));
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        };
        var document = new { ApiVersion = "test.dev/v1", Kind = "Widget", Metadata = new { Name = "a" }, Status = new { Phase = "Ready" } };

        await new ObjectClient<Widget>(Client, Widget.Definition, options).ApplyStatusAsync(Key, "manager", document, CancellationToken.None);

        Assert.That(Server.Requests.Single().Body, Does.Contain("\"status\":{\"phase\":\"Ready\"}"));
    }

    [Test]
    public async Task Apply_TextOfAnyPlane_IsSentAsUtf8()
    {
        Server.Cluster.Put(Widget.Resource, "team", "a", Widget.Json(1));
        var document = Document();
        document["status"]!["phase"] = "Fertig: ä漢🎉";

        await Widgets().ApplyStatusAsync(Key, "manager", document, CancellationToken.None);

        Assert.That(Server.Requests.Single().Body, Does.Contain("\"Fertig: ä漢🎉\""));
    }

    [Test]
    public async Task Apply_ClusterScopedKind_HasNoNamespaceInThePath()
    {
        Server.Cluster.Put(Widget.Resource, "", "a", Widget.Json(1));

        await new ObjectClient<Widget>(Client, Widget.Definition with { Namespaced = false }, null)
            .ApplyStatusAsync(Key, "manager", Document(), CancellationToken.None);

        Assert.That(Server.Requests.Single().Path, Is.EqualTo("/apis/test.dev/v1/widgets/a/status"));
    }

    [TestCase("/metadata/managedFields", "[]", "managedFields")]
    [TestCase("/metadata/name", "\"other\"", "metadata.name")]
    [TestCase("/spec", "{}", "spec")]
    [TestCase("/status", "null", "status")]
    [TestCase("/kind", "\"Other\"", "kind")]
    [TestCase("/apiVersion", "\"v1\"", "apiVersion")]
    public void Apply_ObjectThatWasReadOrNoStatusDocument_IsRefusedBeforeItIsSent(string path, string value, string said)
    {
        var document = Document();
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var parent = parts.Length == 1 ? document : document[parts[0]]!.AsObject();
        parent[parts[^1]] = JsonNode.Parse(value);

        Assert.That(
            async () => await Widgets().ApplyStatusAsync(Key, "manager", document, CancellationToken.None),
            Throws.ArgumentException.With.Message.Contains(said));
        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task Apply_GivenVersion_SucceedsOnThatVersionOnly()
    {
        Server.Cluster.Put(Widget.Resource, "team", "a", Widget.Json(1));
        var document = Document();
        document["metadata"]!["resourceVersion"] = await Widgets().ApplyStatusAsync(Key, "manager", Document(), CancellationToken.None);

        var next = await Widgets().ApplyStatusAsync(Key, "manager", document, CancellationToken.None);

        Assert.That(next, Is.Not.Empty.And.Not.EqualTo((string?)document["metadata"]!["resourceVersion"]));
        Assert.That(
            async () => await Widgets().ApplyStatusAsync(Key, "manager", document, CancellationToken.None),
            Throws.TypeOf<HttpOperationException>().With.Matches<HttpOperationException>(exception => exception!.IsConflict()));
    }

    [Test]
    public void Apply_ObjectIsGone_SaysNotFound() =>
        Assert.That(
            async () => await Widgets().ApplyStatusAsync(Key, "manager", Document(), CancellationToken.None),
            Throws.TypeOf<HttpOperationException>().With.Matches<HttpOperationException>(exception => exception!.IsNotFound()));

    private static JsonObject Document() => new()
    {
        ["apiVersion"] = "test.dev/v1",
        ["kind"] = "Widget",
        ["metadata"] = new JsonObject { ["name"] = "a" },
        ["status"] = new JsonObject { ["phase"] = "Ready" },
    };

    private ObjectClient<Widget> Widgets() => new(Client, Widget.Definition, null);
}
