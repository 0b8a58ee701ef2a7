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
    [TestCase("gateway.allowLinkLocalAddresses=maybe", "/gateway/allowLinkLocalAddresses")]
    [TestCase("image.repository=", "/image/repository")]
    [TestCase("image.repository=agents/operator:1.0", "/image/repository")]
    [TestCase("image.tag=1.0@sha256:0", "/image/tag")]
    [TestCase("image.digest=sha256:0", "/image/digest")]
    [TestCase("runner.image.digest=latest", "/runner/image/digest")]
    [TestCase("image.pullPolicy=Sometimes", "/image/pullPolicy")]
    [TestCase("gateway.tlsSecret=My_Secret", "/gateway/tlsSecret")]
    [TestCase("fullnameOverride=1a", "/fullnameOverride")]
    [TestCase("fullnameOverride=r.e.l", "/fullnameOverride")]
    [TestCase("prometheusRule.enable=true", "'enable' not allowed")]
    [TestCase("podDisruptionBudget.maxUnavailable=null", "podDisruptionBudget: set maxUnavailable or minAvailable")]
    [TestCase("crds.instal=false", "'instal' not allowed")]
    [TestCase("resources.limits.memory=lots", "/resources/limits/memory")]
    [TestCase("runAsUser=0", "/runAsUser")]
    [TestCase("runner.runAsUser=me", "/runner/runAsUser")]
    [TestCase("proxy.httpsProxy=proxy:3128", "/proxy/httpsProxy")]
    [TestCase("extraEnv[0].value=x", "/extraEnv/0")]
    [TestCase("extraEnv[0].name=LOG_LEVEL", "extraEnv[0].name: LOG_LEVEL is set by the chart")]
    [TestCase("commonLabels.team=a b", "/commonLabels/team")]
    [TestCase(@"podLabels.app\.kubernetes\.io/name=x", "app.kubernetes.io/name")]
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

    [TestCaseSource(nameof(AllValues))]
    public async Task Value_ThatIsNull_IsRefusedWithItsNameOrLeftOut(string value)
    {
        var result = await ControlPlane.TryHelmAsync("template", "agent-operator", Chart, "--set", $"{value}=null");

        if (result.Succeeded)
        {
            Assert.That(result.Output, Does.Not.Contain("<nil>").And.Not.Contain("%!"));
            Assert.That(RenderedObjects.Read(result.Output).SelectMany(rendered => rendered.Nulls()), Is.Empty);
        }
        else
        {
            Assert.That(result.Text, Does.Contain($"missing property '{value.Split('.')[^1]}'").Or.Contain($"{value.Split('.')[0]}: set "));
        }
    }

    [Test]
    public async Task Digest_OfAnImage_IsUsedInPlaceOfItsTag()
    {
        var digest = $"sha256:{new string('a', 64)}";
        var rendered = await DeploymentAsync(
            $"image.tag=v1,image.digest={digest},runner.image.repository=registry:5000/runner,runner.image.digest={digest}");

        Assert.That(rendered, Does.Contain($"image: \"agentoperator/operator@{digest}\"\n"));
        Assert.That(rendered, Does.Contain($"- name: AgentOperator__RunnerImage\n              value: \"registry:5000/runner@{digest}\"\n"));
    }

    [Test]
    public async Task Users_LeftToThePlatform_AreNotSetAndNotRoot()
    {
        var rendered = await DeploymentAsync("runAsUser=null,runner.runAsUser=null");

        Assert.That(rendered, Does.Contain("runAsNonRoot: true").And.Not.Contain("runAsUser").And.Not.Contain("runAsGroup"));
        Assert.That(rendered, Does.Contain("- name: AgentOperator__RunnerUser\n              value: \"\"\n"));
    }

    [Test]
    public async Task Proxy_IsSet_TheClusterIsReachedDirectly()
    {
        var rendered = await DeploymentAsync("proxy.httpsProxy=http://proxy:3128,proxy.noProxy=.example.com");

        Assert.That(rendered, Does.Contain("- name: HTTPS_PROXY\n              value: \"http://proxy:3128\"\n").And.Not.Contain("HTTP_PROXY\n"));
        Assert.That(rendered, Does.Contain(
            "value: \"$(KUBERNETES_SERVICE_HOST),[$(KUBERNETES_SERVICE_HOST)],localhost,127.0.0.1,.svc,.cluster.local,.example.com\"\n"));
    }

    [Test]
    public async Task Additions_ToTheOperatorsPods_AreThereOnce()
    {
        var rendered = await DeploymentAsync(
            "commonLabels.team=a,podLabels.team=b,podAnnotations.prometheus\\.io/path=/other,extraEnv[0].name=AgentOperator__StreamLists,"
            + "extraVolumes[0].name=ca,extraVolumeMounts[0].name=ca,topologySpreadConstraints[0].topologyKey=rack,"
            + "nodeSelector.kubernetes\\.io/arch=null");

        Assert.That(rendered, Does.Contain("    team: a\n").And.Contain("        team: b\n").And.Not.Contain("        team: a\n"));
        Assert.That(rendered, Does.Contain("prometheus.io/path: /other\n").And.Not.Contain("prometheus.io/path: /metrics\n"));
        Assert.That(rendered, Does.Contain("            - name: AgentOperator__StreamLists\n"));
        Assert.That(rendered, Does.Contain("      volumes:\n        - name: ca\n").And.Contain("          volumeMounts:\n            - name: ca\n"));
        Assert.That(rendered, Does.Contain("topologyKey: rack\n").And.Not.Contain("topologyKey: topology.kubernetes.io/zone\n"));
        Assert.That(rendered, Does.Contain("kubernetes.io/os: linux\n").And.Not.Contain("kubernetes.io/arch"));
    }

    /// <summary>The path of every value in values.yaml, and of every group of them.</summary>
    private static IEnumerable<string> AllValues()
    {
        var values = RenderedObjects.Read(File.ReadAllText(Path.Combine(Chart, "values.yaml"))).Single();
        return values.Paths().Select(path => string.Join('.', path.Select(key => key.Replace(".", "\\.", StringComparison.Ordinal))));
    }

    private static Task<string> DeploymentAsync(string values) =>
        ControlPlane.HelmAsync("template", "agent-operator", Chart, "--set", values, "--show-only", "templates/deployment.yaml");
}
