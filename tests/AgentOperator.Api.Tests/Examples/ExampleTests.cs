using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOperator.Api.Tests.Examples;

public sealed class ExampleTests
{
    public static IEnumerable<string> Files => Directory
        .EnumerateFiles(Repository.PathOf("examples"), "*.yaml", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.PathOf("examples"), path));

    [TestCaseSource(nameof(Files))]
    public void Example_KeepsEveryRule(string file)
    {
        foreach (var manifest in Read(file))
        {
            var violations = manifest["kind"]!.GetValue<string>() switch
            {
                ApiConstants.AgentRunKind => AgentRunValidator.Validate(manifest.Deserialize<AgentRun>(ApiJson.Options)!),
                ApiConstants.ModelEndpointKind => ModelEndpointValidator.Validate(manifest.Deserialize<ModelEndpoint>(ApiJson.Options)!),
                _ => [],
            };
            Assert.That(violations, Is.Empty);
        }
    }

    /// <summary>An unknown field is dropped by the API server, so an example with one would not say what it does.</summary>
    [TestCaseSource(nameof(Files))]
    public void Example_HasNoUnknownField(string file)
    {
        foreach (var manifest in Read(file).Where(
            manifest => manifest["kind"]!.GetValue<string>() is ApiConstants.AgentRunKind or ApiConstants.ModelEndpointKind))
        {
            var type = manifest["kind"]!.GetValue<string>() == ApiConstants.AgentRunKind ? typeof(AgentRunSpec) : typeof(ModelEndpointSpec);
            var strict = new JsonSerializerOptions(ApiJson.Options)
            {
                UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
            };
            Assert.That(() => manifest["spec"].Deserialize(type, strict), Throws.Nothing);
        }
    }

    /// <summary>A Secret that no ModelEndpoint may use would make the example's runs wait.</summary>
    [TestCaseSource(nameof(Files))]
    public void Example_SecretsNameTheirHost(string file)
    {
        var manifests = Read(file);
        var hosts = manifests.Where(IsEndpoint)
            .Select(manifest => new Uri(manifest.Deserialize<ModelEndpoint>(ApiJson.Options)!.Spec.BaseUrl).Host);
        foreach (var secret in manifests.Where(manifest => manifest["kind"]!.GetValue<string>() == "Secret"))
        {
            Assert.That(hosts, Does.Contain(secret["metadata"]!["annotations"]?[Annotations.EndpointHost]?.GetValue<string>()));
        }
    }

    [Test]
    public void Survivor_StartsWithTooLittleMemoryAndDisk()
    {
        var run = Read("survivor.yaml").Single(manifest => manifest["kind"]!.GetValue<string>() == ApiConstants.AgentRunKind)
            .Deserialize<AgentRun>(ApiJson.Options)!;

        Assert.Multiple(() =>
        {
            Assert.That(run.Spec.Model.Name, Is.EqualTo("survivor"));
            Assert.That(run.Spec.Resources.Limits.Memory, Is.EqualTo("64Mi"));
            Assert.That(run.Spec.Resources.Limits.EphemeralStorage, Is.EqualTo("100Mi"));
        });
    }

    private static bool IsEndpoint(JsonObject manifest) => manifest["kind"]!.GetValue<string>() == ApiConstants.ModelEndpointKind;

    private static IReadOnlyList<JsonObject> Read(string file) => Manifests.Parse(Repository.Read($"examples/{file}"));
}
