namespace AgentRunner.Tests;

internal sealed class ArchitectureTests
{
    [Test]
    public void Runner_ReferencesOfThisProject_AreTheProtocolAlone()
    {
        var references = typeof(Attempt).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ToList();

        Assert.That(references.Where(name => name.StartsWith("AgentOperator", StringComparison.Ordinal)), Is.EqualTo(new[] { "AgentOperator.Protocol" }));
        Assert.That(references, Has.None.StartsWith("k8s").And.None.StartsWith("KubernetesClient"));
    }
}
