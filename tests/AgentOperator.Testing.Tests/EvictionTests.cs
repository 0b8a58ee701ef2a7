using System.Text.Json;

namespace AgentOperator.Testing.Tests;

internal sealed class EvictionTests
{
    // The entry of GET /api/v1, as servers of these versions answer it.
    [TestCase("1.20", "v1beta1")]
    [TestCase("1.21", "v1beta1")]
    [TestCase("1.36", "v1")]
    public void ApiVersion_OfTheSubresource_IsWhatTheServerTakes(string server, string version)
    {
        var resources = JsonElement.Parse(
            $$"""
            {"kind": "APIResourceList", "groupVersion": "v1", "resources": [
              {"name": "pods", "singularName": "", "namespaced": true, "kind": "Pod", "verbs": ["get"]},
              {"name": "pods/eviction", "singularName": "", "namespaced": true,
               "group": "policy", "version": "{{version}}", "kind": "Eviction", "verbs": ["create"]}
            ]}
            """);

        Assert.That(Eviction.ApiVersion(resources), Is.EqualTo($"policy/{version}"), $"Kubernetes {server}");
    }

    [Test]
    public void ApiVersion_OfAServerWithoutEvictions_SaysSo() => Assert.That(
        () => Eviction.ApiVersion(JsonElement.Parse("""{"resources": [{"name": "pods", "kind": "Pod"}]}""")),
        Throws.InvalidOperationException.With.Message.Contains("pods/eviction"));

    [Test]
    public void Of_APod_NamesIt()
    {
        var eviction = JsonElement.Parse(Eviction.Of("policy/v1", "team", "run-1"));

        Assert.That(eviction.GetProperty("apiVersion").GetString(), Is.EqualTo("policy/v1"));
        Assert.That(eviction.GetProperty("metadata").GetRawText(), Is.EqualTo("""{"name":"run-1","namespace":"team"}"""));
    }
}
