using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;
using AgentOperator.Integration.Support;
using AgentOperator.Protocol;
using AgentOperator.SimulatedNodes;
using AgentOperator.SimulatedNodes.Cluster;
using AgentOperator.SimulatedNodes.Pods;
using AgentOperator.SimulatedNodes.Runners;
using AgentOperator.SimulatedNodes.Runs;
using AgentOperator.Telemetry;

namespace AgentOperator.Integration.Metering;

/// <summary>What a real operator shows at /metrics after it has worked: a few runs, whose agents die once.</summary>
public sealed partial class ScrapeTests
{
    private const string Name = "scrape";
    private const int RunCount = 4;

    private Stage _stage = null!;
    private string _atStart = "";
    private string _text = "";
    private Metrics _metrics = null!;

    [OneTimeSetUp]
    public async Task WorkAsync()
    {
        _stage = await Stage.SetUpAsync(
            new LocalControlPlane(ControlPlane.Name, ControlPlane.Kubeconfig, ControlPlane.Tools), Name,
            (_, attempt) => attempt > 1 ? null : new Crash(2, CrashPoint.BeforeTool, ContainerExit.Error(1)));
        _atStart = await _stage.Operator.Process.MetricsTextAsync();
        _stage.Script(Name, 3);
        await RunCreator.CreateAsync(_stage.Plane, _stage.Namespace, Name, RunCount, Name);
        await _stage.WaitAsync(RunCount, TimeSpan.FromMinutes(3));

        // The exporter answers from memory for a moment.
        await Soon.BeTrueAsync(
            async () => (_metrics = Metrics.Parse(_text = await _stage.Operator.Process.MetricsTextAsync()))
                .Sum("agentoperator_runs_finished_total", "reason=\"Completed\"") >= RunCount
                && _metrics.Sum("agentoperator_endpoint_available") > 0,
            "the metrics of the runs");
    }

    [OneTimeTearDown]
    public ValueTask EndAsync() => _stage?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Test]
    public async Task Metrics_OfAnOperatorAtWork_PromtoolFindsNothingToBlame()
    {
        var checkedMetrics = await Promtool.TryAsync(_text, "check", "metrics");

        Assert.That(checkedMetrics.Text.Trim(), Is.Empty);
        Assert.That(checkedMetrics.Succeeded);
    }

    [Test]
    public void Labels_OfAllMetrics_AreFromClosedSetsAndNames()
    {
        var strange = Label().Matches(string.Join('\n', _text.Split('\n').Where(line => !line.StartsWith('#'))))
            .Select(match => (Label: match.Groups[1].Value, Value: match.Groups[2].Value))
            .Distinct()
            .Where(label => !IsAllowed(label.Label, label.Value));

        Assert.That(strange, Is.Empty);
    }

    [TestCase("agentoperator_model_call_seconds_bucket", "0.25", "600")]
    [TestCase("agentoperator_recovery_seconds_bucket", "0.25", "600")]
    [TestCase("controller_runtime_reconcile_time_seconds_bucket", "0.005", "300")]
    [TestCase("workqueue_queue_duration_seconds_bucket", "0.005", "300")]
    public void Histograms_HaveBucketsOfSeconds(string name, string first, string another)
    {
        var labels = string.Join('\n', _metrics.Of(name).Select(sample => sample.Labels));

        Assert.That(labels, Does.Contain($"le=\"{first}\"").And.Contain($"le=\"{another}\"").And.Not.Contain("le=\"7500\""));
    }

    [Test]
    public void Counters_ThatAlertsWatch_AreThereBeforeAnythingHappens()
    {
        var before = Metrics.Parse(_atStart);

        Assert.That(before.Of("agentoperator_runs_finished_total").Where(sample => sample.Labels.Contains("JournalBroken")), Is.Not.Empty);
        Assert.That(before.Of("agentoperator_gateway_refusals_total").Where(sample => sample.Labels.Contains("InternalError")), Is.Not.Empty);
        Assert.That(before.Of("agentoperator_attempt_failures_total"), Is.Not.Empty);
        Assert.That(before.Of("reflector_poison_objects_total"), Is.Not.Empty);
        Assert.That(before.Of("leader_election_master_status"), Is.Not.Empty);
    }

    [Test]
    public void Alerts_EveryMetric_IsOneOfTheOperators()
    {
        var watched = Metric().Matches(File.ReadAllText(Repository.PathOf("charts/agent-operator/files/alerts.yaml"))).Select(match => match.Value);

        Assert.That(watched.Distinct().Except(_metrics.Names), Is.Empty);
    }

    [Test]
    public void Operations_HasEveryMetric()
    {
        var documented = Repository.Read("docs/operations.md");
        var names = _metrics.Names.Select(name => Suffix().Replace(name, ""))
            .Where(name => !name.StartsWith("dotnet_", StringComparison.Ordinal) && name != "target_info").Distinct();

        Assert.That(names.Where(name => !documented.Contains($"`{name}`", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Gauge_EndpointIsDeleted_IsNotThereAnyMore()
    {
        await _stage.Plane.Kubectl.RunAsync(
            ["delete", "modelendpoints.agentoperator.dev", RunCreator.Endpoint, "--namespace", _stage.Namespace]);

        await Soon.BeTrueAsync(
            async () => !(await _stage.Operator.Process.MetricsAsync()).Of("agentoperator_endpoint_available").Any(), "the endpoint's series to end");
    }

    private bool IsAllowed(string label, string value) => label switch
    {
        "otel_scope_name" => value is "AgentOperator" or ControlRuntimeOptions.MeterName or EndpointPipelines.MeterName or "System.Runtime",
        "otel_scope_version" => Version.TryParse(value, out _),
        "le" => value == "+Inf" || double.TryParse(value, CultureInfo.InvariantCulture, out _),
        "namespace" => value == _stage.Namespace,
        "endpoint" => value == RunCreator.Endpoint,
        "phase" => IsOneOf(value, typeof(Phases)),
        "reason" => IsOneOf(value, typeof(Reasons), typeof(Outcomes), typeof(TerminationReasons)),
        "code" => IsOneOf(value, typeof(ErrorCodes)),
        "result" => IsOneOf(value, typeof(ReconcileOutcome)),
        "controller" => value is "agentrun" or "modelendpoint",
        "type" => value is "prompt" or "completion" or "cached",
        "outcome" => IsOneOf(value, typeof(Outcomes)) || value is "written" or "dropped" or "failed" or "invalid"
            || typeof(ProviderOutcome).GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Any(type => type.Name == value),
        "strategy_name" or "event_name" => PascalCase().IsMatch(value),
        "gc_heap_generation" or "error_type" or "cpu_mode" => PascalCase().IsMatch(value),
        "name" => value is "agentrun" or "modelendpoint" || value == $"{_stage.Installation.Namespace}/{_stage.Installation.Name}"
            || ResourceName().IsMatch(value),
        _ => label.StartsWith("telemetry_sdk_", StringComparison.Ordinal) || label == "service_name",
    };

    private static bool IsOneOf(string value, params Type[] types) => value == LabelValues.Other || LabelValues.OfConstants(types).Of(value) == value;

    [GeneratedRegex("""(\w+)="((?:[^"\\]|\\.)*)["]""")]
    private static partial Regex Label();

    [GeneratedRegex(@"\b(agentoperator|leader_election|controller_runtime|reflector)_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_.]{0,40}$")]
    private static partial Regex PascalCase();

    [GeneratedRegex("^([a-z.]+/)?v1(alpha1)?/[a-z]+$")]
    private static partial Regex ResourceName();
}
