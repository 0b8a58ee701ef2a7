using System.Reflection;
using AgentTools;

namespace AgentRunner.Tests;

internal sealed class ArchitectureTests
{
    [Test]
    public void Runner_ReferencesOfThisProject_AreTheProtocolAndTheTools()
    {
        var references = References(typeof(Attempt).Assembly);

        Assert.That(references.Where(IsOfThisProject), Is.EquivalentTo(new[] { "AgentOperator.Protocol", "AgentTools" }));
        Assert.That(references, Has.None.StartsWith("k8s").And.None.StartsWith("KubernetesClient"));
    }

    [Test]
    public void Tools_ReferenceNothingButTheFramework() =>
        Assert.That(References(typeof(ITool).Assembly), Has.All.StartsWith("System").Or.EqualTo("Microsoft.Win32.Primitives"));

    [Test]
    public void Tools_AreOneNamespace() =>
        Assert.That(typeof(ITool).Assembly.GetExportedTypes().Select(type => type.Namespace).Distinct(), Is.EqualTo(new[] { "AgentTools" }));

    private static bool IsOfThisProject(string name) => name.StartsWith("Agent", StringComparison.Ordinal);

    private static List<string> References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)];
}
