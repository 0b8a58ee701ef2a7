using System.Diagnostics.Metrics;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Runs;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Telemetry;

/// <summary>What the operator counts about runs.</summary>
internal sealed class RunMetricsTests
{
    private const string FreeText = "somebody's own: sk-123\n";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FixedLeadership _leadership = new();
    private FakeConnection _connection = null!;
    private ServiceProvider _operator = null!;
    private Measurements _measured = null!;
    private RunMetrics _metrics = null!;

    [SetUp]
    public void SetUp()
    {
        _connection = new FakeConnection(new FakeKubernetes());
        _operator = OperatorServices.Operator(
            _connection, new FakeTimeProvider(Now), services => services.AddSingleton<ILeadership>(_leadership));
        _measured = new Measurements(_operator.GetRequiredService<IMeterFactory>());
        _metrics = _operator.GetRequiredService<RunMetrics>();
        _leadership.IsLeader = true;
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        _measured.Dispose();
        await _operator.DisposeAsync();
        _connection.Dispose();
    }

    [Test]
    public void Counters_ThatAlertsWatch_BeginAtZero() => Assert.That(
        _measured.Series,
        Does.ContainKey("agentoperator_runs_finished{phase=Failed,reason=JournalBroken}").WithValue(0)
            .And.ContainKey("agentoperator_attempt_failures{outcome=Hung}").WithValue(0));

    [Test]
    public void Record_AttemptEnded_FailureIsCountedIfItCostOne()
    {
        var first = After(new AgentRunStatus(), Outcomes.Hung, failures: 1);
        var second = After(first, Outcomes.OutOfMemory, failures: 1);
        var third = After(second, Outcomes.Error, failures: 2);
        var recovered = third with { Failures = 0 };

        _metrics.Record(new AgentRunStatus(), first);
        _metrics.Record(first, second);
        _metrics.Record(second, third);
        _metrics.Record(third, recovered);

        Assert.That(
            _measured.Counted,
            Is.EquivalentTo(new[]
            {
                "agentoperator_attempts{outcome=Hung} 1", "agentoperator_attempts{outcome=OutOfMemory} 1", "agentoperator_attempts{outcome=Error} 1",
                "agentoperator_attempt_failures{outcome=Hung} 1", "agentoperator_attempt_failures{outcome=Error} 1",
            }));
    }

    [Test]
    public void Record_SomebodyWroteTextsIntoTheStatus_TheyAreNoLabels()
    {
        var before = new AgentRunStatus { Phase = FreeText };
        var after = After(before, FreeText, failures: 1) with
        {
            Phase = Phases.Failed, Conditions = [ConditionOf(ConditionTypes.Finished, "True", FreeText, Now)],
        };

        _metrics.Record(before, after);

        Assert.That(
            _measured.Counted,
            Is.EquivalentTo(new[]
            {
                "agentoperator_attempts{outcome=Other} 1", "agentoperator_attempt_failures{outcome=Other} 1",
                "agentoperator_runs_finished{phase=Failed,reason=Other} 1",
            }));
    }

    [Test]
    public async Task Gauges_OfTheLeader_CountRunsAndWaits()
    {
        await PutAsync(
            Run("new", null), Run("working", Phases.Running, ("True", Reasons.PodRunning, 5)),
            Run("keyless", Phases.Waiting, ("False", Reasons.KeyRefused, 90)),
            Run("keyless-too", Phases.Waiting, ("False", Reasons.KeyRefused, 30)),
            Run("patched", FreeText, ("False", FreeText, 10)),
            Run("ended", Phases.Failed, ("False", Reasons.JournalBroken, 3600)));

        _measured.Observe();

        Assert.That(
            _measured.Counted,
            Is.EquivalentTo(new[]
            {
                "agentoperator_runs{phase=Pending} 1", "agentoperator_runs{phase=Running} 1", "agentoperator_runs{phase=Waiting} 2",
                "agentoperator_runs{phase=Other} 1", "agentoperator_runs{phase=Failed} 1",
                "agentoperator_runs_waiting{reason=KeyRefused} 2", "agentoperator_runs_waiting{reason=Other} 1",
                "agentoperator_longest_wait_seconds{reason=KeyRefused} 90", "agentoperator_longest_wait_seconds{reason=Other} 10",
            }));
    }

    [Test]
    public async Task Gauges_NothingHasThePhaseOrReasonAnyMore_AreZero()
    {
        await PutAsync(Run("keyless", Phases.Waiting, ("False", Reasons.KeyRefused, 90)));
        _measured.Observe();
        await PutAsync(Run("keyless", Phases.Running, ("True", Reasons.PodRunning, 1)));

        _measured.Observe();

        Assert.That(_measured.Counted, Is.EqualTo(new[] { "agentoperator_runs{phase=Running} 1" }));
    }

    [Test]
    public async Task Gauges_OfEndpoints_HaveTheNamespaceAndLeaveOutWhatWasNeverCalled()
    {
        var endpoints = new FakeObjects<ModelEndpoint>(_connection);
        endpoints.Put(Endpoint("openai", "True"));
        endpoints.Put(Endpoint("away", "False"));
        endpoints.Put(Endpoint("new", null));
        await _operator.SyncAsync<ModelEndpoint>();

        _measured.Observe();

        Assert.That(
            _measured.Series.Where(series => series.Key.StartsWith("agentoperator_endpoint", StringComparison.Ordinal)),
            Is.EquivalentTo(new Dictionary<string, double>
            {
                ["agentoperator_endpoint_available{namespace=agents,endpoint=openai}"] = 1,
                ["agentoperator_endpoint_available{namespace=agents,endpoint=away}"] = 0,
            }));
    }

    [Test]
    public async Task Gauges_OfAReplicaThatDoesNotLead_AreNotThere()
    {
        _leadership.IsLeader = false;
        new FakeObjects<ModelEndpoint>(_connection).Put(Endpoint("openai", "True"));
        await _operator.SyncAsync<ModelEndpoint>();
        await PutAsync(Run("keyless", Phases.Waiting, ("False", Reasons.KeyRefused, 90)));

        _measured.Observe();

        var gauges = _measured.Instruments.Where(instrument => instrument.IsObservable).Select(instrument => instrument.Name).ToList();
        Assert.That(gauges, Has.Count.EqualTo(4));
        Assert.That(_measured.Series.Keys.Where(series => gauges.Contains(series.Split('{')[0])), Is.Empty);
    }

    private async Task PutAsync(params AgentRun[] runs)
    {
        foreach (var run in runs)
        {
            new FakeObjects<AgentRun>(_connection).Put(run);
        }

        await _operator.SyncAsync<AgentRun>();
    }

    private static AgentRun Run(string name, string? phase, (string Status, string Reason, int SecondsAgo)? running = null)
    {
        var run = new AgentRunBuilder().Status(new AgentRunStatus
        {
            Phase = phase,
            Conditions = running is { } known
                ? [ConditionOf(ConditionTypes.Running, known.Status, known.Reason, Now.AddSeconds(-known.SecondsAgo))]
                : null,
        }).Build();
        run.Metadata.Name = name;
        return run;
    }

    private static ModelEndpoint Endpoint(string name, string? available) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = AgentRunBuilder.Namespace },
        Spec = new ModelEndpointSpec { BaseUrl = "https://api.example.com/v1" },
        Status = available is null
            ? null
            : new ModelEndpointStatus { Conditions = [ConditionOf(ConditionTypes.Available, available, Reasons.Answering, Now)] },
    };

    private static AgentRunStatus After(AgentRunStatus before, string outcome, int failures)
    {
        var number = (before.Attempt ?? 0) + 1;
        return before with
        {
            Attempt = number,
            Failures = failures,
            LastExit = outcome,
            Attempts = [.. before.Attempts ?? [], new AttemptStatus { Number = number, Pod = $"pod-{number}", StartedAt = Now, Outcome = outcome }],
        };
    }

    private static Condition ConditionOf(string type, string status, string reason, DateTimeOffset since) =>
        new() { Type = type, Status = status, Reason = reason, Message = "", LastTransitionTime = since };
}
