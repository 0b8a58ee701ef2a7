using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>The chart's alerts, according to Prometheus' own tool.</summary>
public sealed class AlertRuleTests
{
    private const string Alerts = "charts/agent-operator/files/alerts.yaml";
    private static readonly string Chart = Repository.PathOf("charts/agent-operator");

    [Test]
    public async Task Alerts_AreRulesThatPrometheusTakes()
    {
        var checkedRules = await Promtool.TryAsync(null, "check", "rules", "--lint=all", "--lint-fatal", Repository.PathOf(Alerts));

        Assert.That(checkedRules.Succeeded, checkedRules.Text);
    }

    [Test]
    public async Task Alerts_OnTheSeriesOfFaults_FireThenAndOnlyThen()
    {
        var tested = await Promtool.TryAsync(
            null, "test", "rules", Repository.PathOf("tests/AgentOperator.Integration/Chart/alerts-test.yaml"));

        Assert.That(tested.Succeeded, tested.Text);
    }

    [Test]
    public async Task Alerts_EachHasATest()
    {
        var tests = await File.ReadAllTextAsync(Repository.PathOf("tests/AgentOperator.Integration/Chart/alerts-test.yaml"));
        var alerts = File.ReadLines(Repository.PathOf(Alerts)).Where(line => line.Contains("- alert: ", StringComparison.Ordinal))
            .Select(line => line.Split("- alert: ")[1]).ToList();

        Assert.That(alerts, Is.Not.Empty);
        Assert.That(alerts.Where(alert => !tests.Contains($"alertname: {alert}\n        exp_alerts:\n", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task PrometheusRule_IsEnabled_HasTheAlertsAsTheyAre()
    {
        var rendered = await ControlPlane.HelmAsync(
            "template", "agent-operator", Chart, "--set", "prometheusRule.enabled=true,prometheusRule.labels.release=prometheus",
            "--show-only", "templates/prometheusrule.yaml");
        var indented = File.ReadLines(Repository.PathOf(Alerts)).Select(line => $"  {line}");

        Assert.That(rendered, Does.Contain($"spec:\n{string.Join('\n', indented)}\n").And.Contain("    release: prometheus\n"));
    }

    [Test]
    public async Task PrometheusRule_ByDefault_IsNotThere() =>
        Assert.That(await ControlPlane.HelmAsync("template", "agent-operator", Chart), Does.Not.Contain("PrometheusRule"));
}
