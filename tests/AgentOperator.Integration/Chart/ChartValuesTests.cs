using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>Values that cannot work are refused before anything is installed, with the value's path.</summary>
public sealed class ChartValuesTests
{
    private static readonly string Chart = Repository.PathOf("charts/agent-operator");

    [TestCase("replicaCount=0", "/replicaCount")]
    [TestCase("replicaCount=two", "/replicaCount")]
    [TestCase("workers=0", "/workers")]
    [TestCase("watchNamespace=Team_A", "/watchNamespace")]
    [TestCase("logLevel=loud", "/logLevel")]
    [TestCase("gateway.port=70000", "/gateway/port")]
    [TestCase("gateway.port=8080", "gateway.port and metrics.port are both 8080: use two different ports")]
    [TestCase("image.repository=", "/image/repository")]
    [TestCase("image.repository=agents/operator:1.0", "/image/repository")]
    [TestCase("image.pullPolicy=Sometimes", "/image/pullPolicy")]
    [TestCase("crds.instal=false", "'instal' not allowed")]
    [TestCase("resources.limits.memory=lots", "/resources/limits/memory")]
    [TestCase("terminationGracePeriodSeconds=1", "/terminationGracePeriodSeconds")]
    [TestCase("podDisruptionBudget.maxUnavailable=0", "/podDisruptionBudget/maxUnavailable")]
    [TestCase("podDisruptionBudget.maxUnavailable=0%", "/podDisruptionBudget/maxUnavailable")]
    [TestCase("podDisruptionBudget.minAvailable=100%", "/podDisruptionBudget/minAvailable")]
    [TestCase("podDisruptionBudget.minAvailable=2", "podDisruptionBudget.minAvailable is 2 and replicaCount is 2: no replica could be evicted")]
    [TestCase("podDisruptionBudget.minAvailable=51%", "podDisruptionBudget.minAvailable is 51% and replicaCount is 2: no replica could be evicted")]
    public async Task Value_ThatCannotWork_IsRefusedWithItsPath(string value, string said)
    {
        var result = await ControlPlane.TryHelmAsync("template", "agent-operator", Chart, "--set", value);

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Text, Does.Contain(said));
    }

    [TestCase("replicaCount=1", "maxUnavailable: 1")]
    [TestCase("replicaCount=3", "maxUnavailable: 1")]
    [TestCase("podDisruptionBudget.maxUnavailable=50%", "maxUnavailable: 50%")]
    [TestCase("podDisruptionBudget.minAvailable=1", "minAvailable: 1")]
    [TestCase("podDisruptionBudget.minAvailable=50%", "minAvailable: 50%")]
    public async Task Budget_OfValuesThatWork_LetsReplicasBeEvicted(string value, string budget)
    {
        var rendered = await ControlPlane.HelmAsync(
            "template", "agent-operator", Chart, "--set", value, "--show-only", "templates/poddisruptionbudget.yaml", "--kube-version", "1.30.0");

        Assert.That(
            rendered, Does.Contain($"  {budget}\n").And.Contain("apiVersion: policy/v1\n").And.Contain("unhealthyPodEvictionPolicy: AlwaysAllow"));
    }
}
