using System.Text.Json;

namespace AgentOperator.Api.Tests.Validation;

/// <summary>The manifests that the end-to-end test applies to a cluster. The first line of each names the field that is wrong,
/// as far as every server does.</summary>
public sealed class MalformedManifestTests
{
    private const string Folder = "tests/AgentOperator.Api.Tests/malformed";

    public static IEnumerable<string> Files =>
        Directory.GetFiles(Repository.PathOf(Folder), "*.yaml").Select(path => Path.GetFileName(path)!).Order();

    [Test]
    public void Manifests_AreEnough() => Assert.That(Files.Count(), Is.GreaterThanOrEqualTo(15));

    [TestCaseSource(nameof(Files))]
    public void Manifest_IsRefusedForTheFieldThatItNames(string file)
    {
        var yaml = Repository.Read($"{Folder}/{file}");
        var expected = yaml.Split('\n')[0]["# expect: ".Length..];

        Assert.That(FieldsAtFault(yaml), Has.Some.Contains(expected));
    }

    [TestCaseSource(nameof(Files))]
    public void Manifest_HasNoOtherFault(string file) => Assert.That(FieldsAtFault(Repository.Read($"{Folder}/{file}")), Has.Count.EqualTo(1));

    /// <summary>What cannot be read at all is refused by every API server, and the reader names the place too.</summary>
    private static List<string> FieldsAtFault(string yaml)
    {
        try
        {
            return [.. AgentRunValidator.Validate(Manifests.Read<AgentRun>(yaml)).Select(violation => violation.Field)];
        }
        catch (JsonException exception)
        {
            return [exception.Path!.Replace("$.", "", StringComparison.Ordinal)];
        }
    }
}
