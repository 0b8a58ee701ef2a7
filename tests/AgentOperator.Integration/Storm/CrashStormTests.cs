using AgentOperator.Api;
using AgentOperator.Integration.Support;
using AgentOperator.ModelServer.Calls;
using AgentOperator.Protocol;
using AgentOperator.SimulatedNodes.Cluster;

namespace AgentOperator.Integration.Storm;

/// <summary>
/// After a storm in which a thousand agents died at once: every run ended once, nothing was paid twice, and the API server was not overloaded.
/// </summary>
public sealed class CrashStormTests
{
    /// <summary>
    /// Two storms on a busy machine measured 10.0 writes per run without journal and heartbeats: 4.1 statuses, 3.9 Events, 2 pods. Late Events and
    /// Events that did not fit the queue are not included; with them it would be 4.5 Events. The bound is half as much again, for machines that
    /// coalesce fewer writes.
    /// </summary>
    private const double MaxWrites = 15;

    /// <summary>The start, two claims, three answers, two tool results, the end.</summary>
    private const int JournalWrites = 9;

    /// <summary>Measured: 5.1; and as much again.</summary>
    private const double MaxReconciles = 10.2;

    /// <summary>
    /// A third of the default heartbeatTimeoutSeconds: how often a heartbeat is recorded and a run reconciled even if nothing happens.
    /// </summary>
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(20);

    private readonly CrashStorm _storm = new();

    [OneTimeSetUp]
    public Task PassAsync() =>
        _storm.PassAsync(new LocalControlPlane(ControlPlane.Name, ControlPlane.Kubeconfig, ControlPlane.Tools), TestContext.Progress);

    [OneTimeTearDown]
    public Task EndAsync() => _storm.DisposeAsync().AsTask();

    [Test]
    public void Simulation_HadNoDefectOfItsOwn() => Assert.Multiple(() =>
    {
        Assert.That(_storm.Stage.Nodes.Kubelet.Defects, Is.Empty);
        Assert.That(_storm.Stage.Agents!.Surprises, Is.Empty, "agents that ended otherwise than their programs say");
    });

    [Test]
    public async Task EveryRun_EndsExactlyOnce()
    {
        var journals = await _storm.ReadJournalsAsync();

        Assert.Multiple(() =>
        {
            Assert.That(_storm.Runs, Has.Count.EqualTo(CrashStorm.RunCount));
            Assert.That(
                _storm.Runs.Where(run => run.Status?.Phase != Phases.Succeeded || run.Ends != 1), Is.Empty,
                "runs that did not succeed once and for all");
            Assert.That(
                _storm.Runs.Where(run => journals[run.Name].Count(record => record.Kind == RecordKinds.RunFinished) != 1).Select(run => run.Name),
                Is.Empty, "runs whose end is not committed exactly once");
        });
    }

    [Test]
    public void EveryRun_TookTwoAttempts()
    {
        var others = _storm.Runs.Where(
            run => run.Status?.Attempts is not [{ Outcome: Outcomes.OutOfMemory or Outcomes.Error }, { Outcome: Outcomes.Completed }]);

        Assert.That(others, Is.Empty);
    }

    [Test]
    public async Task NoModelCall_IsRepeated()
    {
        var journals = await _storm.ReadJournalsAsync();
        var answered = _storm.ModelCalls.Where(call => call.Outcome == CallOutcome.Answered).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(
                answered.GroupBy(call => call.IdempotencyKey).Where(calls => calls.Count() > 1).Select(calls => calls.Key), Is.Empty,
                "steps that were paid twice");
            Assert.That(answered, Has.Count.EqualTo(CrashStorm.RunCount * CrashStorm.Steps));
            Assert.That(_storm.ModelCalls.Except(answered), Is.Empty, "calls that were not answered");
            Assert.That(
                _storm.Runs.Where(run => journals[run.Name].Count(record => record.Kind == RecordKinds.ModelAnswer) != CrashStorm.Steps)
                    .Select(run => run.Name),
                Is.Empty, "runs whose answers are not committed once each");
        });
    }

    [Test]
    public void ApiServer_IsSpared()
    {
        var calls = _storm.Calls;
        var written = PerRun(call => call.IsOperatorWrite && !IsHeartbeat(call));
        var heartbeats = PerRun(IsHeartbeat);
        TestContext.Out.WriteLine(
            $"written {written:0.00}, heartbeats {heartbeats:0.00}, journal {PerRun(call => call.IsJournalWrite):0.00} a run; operator restarted "
                + $"{_storm.Stage.Operator.Restarts} times");
        TestContext.Out.WriteLine(calls);
        Assert.Multiple(() =>
        {
            Assert.That(written, Is.LessThan(MaxWrites), $"writes a run:{Environment.NewLine}{calls}");
            Assert.That(heartbeats, Is.LessThan(2 * (1 + (_storm.Took / HeartbeatEvery))), "heartbeats are written at their pace, whatever happens");
            Assert.That(
                PerRun(call => call.IsJournalWrite), Is.LessThan(JournalWrites + 1), "a record is written once, or again when an answer was lost");
            Assert.That(calls.Count(call => call.Code == 429), Is.Zero, "calls that the API server was too busy for");
        });
    }

    [Test]
    public void Operator_ItsQueueIsEmptyAndWasNotStirred()
    {
        var reconciles = _storm.Operator.Sum("controller_runtime_reconcile_total") / CrashStorm.RunCount;

        Assert.Multiple(() =>
        {
            Assert.That(_storm.Operator.Sum("workqueue_depth"), Is.Zero);
            Assert.That(
                _storm.Operator.Sum("workqueue_retries_total") / CrashStorm.RunCount, Is.LessThan(1),
                "reconciles that failed and were tried again, a run");
            Assert.That(
                reconciles, Is.LessThan(MaxReconciles + (_storm.Took / HeartbeatEvery)),
                $"reconciles a run:{Environment.NewLine}{_storm.Operator.Lines("reconcile_total")}");
        });
    }

    private double PerRun(Func<ApiCall, bool> kind) => _storm.Calls.Count(kind) / (double)CrashStorm.RunCount;

    private static bool IsHeartbeat(ApiCall call) => call is { Resource: "pods", Subresource: "", Verb: "PATCH" };
}
