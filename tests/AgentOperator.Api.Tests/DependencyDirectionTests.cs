using System.Xml.Linq;

namespace AgentOperator.Api.Tests;

/// <summary>Protocol &lt;- Api &lt;- Journal &lt;- AgentOperator; ControlRuntime &lt;- Journal; Protocol, AgentTools &lt;- AgentRunner.</summary>
public sealed class DependencyDirectionTests
{
    [TestCase("operator/AgentOperator.Protocol")]
    [TestCase("operator/AgentOperator.Api", "AgentOperator.Protocol")]
    [TestCase("operator/AgentOperator.ControlRuntime")]
    [TestCase("operator/AgentOperator.Journal", "AgentOperator.Api", "AgentOperator.ControlRuntime", "AgentOperator.Protocol")]
    [TestCase("operator/AgentOperator", "AgentOperator.Api", "AgentOperator.ControlRuntime", "AgentOperator.Journal", "AgentOperator.Protocol")]
    [TestCase("operator/AgentOperator.CrdGenerator", "AgentOperator.Api")]
    [TestCase("runner/AgentTools")]
    [TestCase("runner/AgentRunner", "AgentOperator.Protocol", "AgentTools")]
    public void Project_ReferencesOnlyWhatItMay(string folder, params string[] allowed) =>
        Assert.That(References(folder, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)), Is.SubsetOf(allowed));

    [TestCase("operator/AgentOperator.Protocol")]
    [TestCase("runner/AgentTools")]
    public void Project_SharedByContainers_HasNoPackage(string folder) => Assert.That(References(folder, "PackageReference"), Is.Empty);

    [Test]
    public void Api_HasNoPackageButKubernetesClient() =>
        Assert.That(References("operator/AgentOperator.Api", "PackageReference"), Is.EqualTo(new[] { "KubernetesClient" }));

    private static IEnumerable<string> References(string folder, string kind)
    {
        var project = Repository.PathOf($"{folder}/{Path.GetFileName(folder)}.csproj");
        return XDocument.Load(project).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));
    }
}
