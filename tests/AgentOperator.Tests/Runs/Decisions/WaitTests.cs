using System.Reflection;
using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.Runs;
using AgentOperator.Runs.Waiting;
using AgentOperator.Validation;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Whatever a run waits for, a condition and one event say so.</summary>
internal sealed class WaitTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Now;

    private static readonly string[] OfProviders =
    [
        Reasons.EndpointUnavailable, Reasons.KeyNotFound, Reasons.KeyNotAllowed, Reasons.KeyRefused, Reasons.QuotaExceeded, Reasons.ModelNotFound,
        Reasons.ParameterRefused, Reasons.AnswerTooSlow, Reasons.UnexpectedAnswer,
    ];

    /// <summary>Reasons of a Running condition that shows no wait: the run works, starts, or has ended.</summary>
    private static readonly string[] NoWaits = [Reasons.NotStarted, Reasons.PodPending, Reasons.PodRunning, Reasons.Recovering];

    private static IEnumerable<TestCaseData> Waits()
    {
        foreach (var reason in OfProviders)
        {
            yield return Case($"{reason} before the first attempt", reason, new SnapshotBuilder().With(WithOutage(reason)));
            yield return Case($"{reason} after an attempt", reason, Ended(Outcomes.EndpointDown).With(WithOutage(reason)));
        }

        yield return Case("suspended", Reasons.Suspended, Ended().With(
            snapshot => snapshot.WithAccepted(new AcceptedSpec(snapshot.Spec with { Suspend = true }, []))));
        yield return Case("invalid spec", Reasons.InvalidSpec, Ended().With(snapshot => snapshot with { SpecViolations = ["spec.x: is wrong."] }));
        yield return Case("edits refused", Reasons.ImmutableField, Ended().With(snapshot => snapshot with { ChangedFields = ["spec.model"] }));
        yield return Case("no endpoint", Reasons.ModelEndpointNotFound, Ended().With(snapshot => snapshot with { EndpointBlocker = Invalid(null) }));
        yield return Case("invalid endpoint", Reasons.InvalidModelEndpoint, new SnapshotBuilder().With(snapshot => snapshot with
        {
            EndpointBlocker = Invalid(new ModelEndpoint { Spec = new ModelEndpointSpec { BaseUrl = "http://h:99999/v1" } }),
        }));
        yield return Case("no task", Reasons.TaskNotFound, new SnapshotBuilder().With(snapshot => snapshot with
        {
            Task = ResolvedTask.NotFound("There is no ConfigMap."),
        }));
        yield return Case("former pod", Reasons.PodTerminating, Ended().Pod(1, pod => Deleting(pod, 30)));
        yield return Case("pod with the next name", Reasons.PodTerminating, Ended().Pod(2, pod => Deleting(pod, 3)));
        yield return Case("diverged", Reasons.Diverged, Ended(Outcomes.Fenced, Reasons.Diverged));
        yield return Case(
            "memory cap", Reasons.MemoryCapReached,
            new SnapshotBuilder().Run(run => run.Recovery(recovery => recovery with { RepeatedCrash = RepeatedCrashPolicy.Fail }))
                .Head(1).Attempt(1, Outcomes.OutOfMemory, memory: "64Gi", from: 2));
        yield return Case("backoff", Reasons.BackingOff, Ended(Outcomes.Error).With(WithNextAttempt));
        yield return Case("image", Reasons.ImagePullFailed, Starting(pod => PodState.Waiting(pod, "ErrImagePull", "manifest unknown")));
        yield return Case("image, after its pod", Reasons.ImagePullFailed, Ended(Outcomes.StartFailed, "ErrImagePull").With(WithNextAttempt));
        yield return Case("unschedulable", Reasons.Unschedulable, Starting(pod => PodState.Unschedulable(pod, "0/3 nodes are available.")));
        yield return Case("volume", Reasons.PodCannotStart, Starting(pod => PodState.Waiting(pod, "CreateContainerConfigError", "no Secret")));
        yield return Case(
            "MCP server", Reasons.McpServerUnavailable, Ended(Outcomes.EndpointDown, Reasons.McpServerUnavailable).With(WithNextAttempt));
        yield return Case("gateway", Reasons.GatewayUnavailable, Ended(Outcomes.EndpointDown, Reasons.GatewayUnavailable).With(WithNextAttempt));
        yield return Case("quota of the namespace", Reasons.PodRejected, Ended().With(snapshot => snapshot with
        {
            Obstacle = new Blocker(Reasons.PodRejected, "exceeded quota.", Now.AddSeconds(15)),
        }));
        yield return Case("journal deleted", Reasons.JournalBroken, new SnapshotBuilder().Attempt(2, Outcomes.Evicted).With(snapshot =>
            snapshot.WithStatus(snapshot.Status with { Checkpoint = new CheckpointStatus { Sequence = 40 } })));
        yield return Case("finalizer of others", Reasons.Deleting, Ended().With(Deleted));
        yield return Case("finalizer of others, no attempt yet", Reasons.Deleting, new SnapshotBuilder().With(Deleted));

        static TestCaseData Case(string name, string reason, SnapshotBuilder snapshot) => new TestCaseData(reason, snapshot).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Waits))]
    public void Decide_RunWaits_ConditionSaysWhyAndOneEventTellsOfIt(string reason, SnapshotBuilder builder)
    {
        var before = builder.Build();
        var status = builder.Decide().Status;
        var running = status.FindCondition(ConditionTypes.Running)!;
        Assert.Multiple(() =>
        {
            Assert.That((running.Status, running.Reason), Is.EqualTo((ConditionStatuses.False, reason)));
            Assert.That(running.Message, Has.Length.GreaterThan(10));
            Assert.That(Phases.IsTerminal(status.Phase), Is.False);
            Assert.That(status.Phase == Phases.Pending, Is.EqualTo(status.Attempt is null), "Pending is before the first attempt");
            Assert.That(status.WaitingFor, status.Phase is Phases.Pending or Phases.Waiting ? Is.EqualTo(running.Message) : Is.Null);
        });

        var events = Told(before.Run, before.Status, status);
        var told = events.Recorded.FindIndex(recorded => recorded.Reason == reason);
        Assert.That(events.Reasons.Count(told => told == reason), Is.EqualTo(1));
        Assert.That((events.Types[told], events.Recorded[told].Note), Is.EqualTo((WaitReasons.EventTypes[reason], running.Message)));

        var again = builder.Status(status).Decide().Status;
        Assert.That(again.FindCondition(ConditionTypes.Running)!.Reason, Is.EqualTo(reason));
        Assert.That(Told(before.Run, status, again).Reasons, Is.Empty, "the same wait is told of once");
    }

    [TestCaseSource(nameof(OfProviders))]
    public void Decide_ModelCallsFailWhileAnAgentWorks_ReasonSaysWhyAndOneEventTellsOfIt(string reason)
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now.AddMinutes(-1)));
        var working = builder.Decide().Status;
        var status = builder.Status(working).With(WithOutage(reason)).Decide().Status;

        Assert.That(status.FindCondition(ConditionTypes.Running), Has.Property("Status").EqualTo("True").And.Property("Reason").EqualTo(reason));
        Assert.That(Told(builder.Build().Run, working, status).Reasons, Is.EqualTo(new[] { reason }));
    }

    [Test]
    public void Table_HasEachWaitAndNothingElse()
    {
        var tested = Waits().Select(wait => (string)wait.Arguments[0]!).Append(Reasons.ReconcileError).Distinct();

        Assert.That(WaitReasons.EventTypes.Keys, Is.EquivalentTo(tested));
    }

    /// <summary>A new reason says what it is: a wait, with a row, or none.</summary>
    [Test]
    public void Reasons_ThatAreSaidToBeWaited_AreInTheTable()
    {
        var file = Repository.Read("operator/AgentOperator.Api/Reasons.cs").Split('\n');
        var waited = typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.Name)
            .Where(name => file[Array.FindIndex(file, line => line.Contains($" {name} = ", StringComparison.Ordinal)) - 1].Contains("Waiting: "));

        Assert.That(waited, Is.SubsetOf(WaitReasons.EventTypes.Keys));
        Assert.That(NoWaits.Intersect(WaitReasons.EventTypes.Keys), Is.Empty);
    }

    [TestCaseSource(typeof(WaitReasons), nameof(WaitReasons.EventTypes))]
    public void Operations_HasARowForEachWait(KeyValuePair<string, string> wait) => Assert.That(
        Repository.Read("docs/operations.md"),
        Does.Contain($"| `Running=False` | `{wait.Key}` |").Or.Contain($"| `Accepted=False` | `{wait.Key}` |"));

    [Test]
    public void Decide_PodOfARunThatHasEndedStops_IsNoWait()
    {
        var finished = new Protocol.RunFinishedPayload { Outcome = Protocol.RunOutcome.Succeeded, Reason = Reasons.Completed };
        var builder = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now.AddMinutes(-1)));
        var working = builder.Decide().Status;
        var stopping = builder.Status(working).Head(1, finished: finished).Decide().Status;

        Assert.That(stopping.FindCondition(ConditionTypes.Running)!.Reason, Is.EqualTo(Reasons.PodTerminating));
        Assert.That(Told(builder.Build().Run, working, stopping).Reasons, Is.Empty, "every run comes by here");
    }

    private static RunSnapshot Deleted(RunSnapshot snapshot)
    {
        (snapshot.Run.Metadata.DeletionTimestamp, snapshot.Run.Metadata.Finalizers) = (Now.UtcDateTime, ["example.com/hold"]);
        return snapshot;
    }

    private static FakeEvents Told(AgentRun run, AgentRunStatus before, AgentRunStatus after)
    {
        var events = new FakeEvents();
        new RunEvents(events).Record(run, before, after);
        return events;
    }

    private static SnapshotBuilder Ended(string outcome = Outcomes.Evicted, string? reason = null) =>
        new SnapshotBuilder().Head(1).Attempt(1, outcome, reason: reason).With(snapshot => snapshot.WithStatus(snapshot.Status with
        {
            Attempts = [.. snapshot.Status.Attempts!.Select(attempt => attempt with { Message = "It ended like this." })],
        }));

    private static SnapshotBuilder Starting(Func<V1Pod, V1Pod> state) => new SnapshotBuilder().Head(1).Attempt(1).Pod(
        1, pod => state(pod with { Metadata = pod.Metadata with { CreationTimestamp = Now.AddSeconds(-20).UtcDateTime } }));

    private static V1Pod Deleting(V1Pod pod, int seconds) => PodState.Deleting(PodState.Running(pod, Now), Now.AddSeconds(seconds));

    private static RunSnapshot WithNextAttempt(RunSnapshot snapshot) =>
        snapshot.WithStatus(snapshot.Status with { NextAttemptAt = Now.AddSeconds(30) });

    private static Func<RunSnapshot, RunSnapshot> WithOutage(string reason) =>
        snapshot => snapshot with { Outage = new EndpointOutage(reason, "The provider says why.", Now.AddMinutes(-1), Now.AddMinutes(1)) };

    private static Blocker? Invalid(ModelEndpoint? endpoint) => EndpointBlocker.Find(endpoint, "openai", "agents");
}
