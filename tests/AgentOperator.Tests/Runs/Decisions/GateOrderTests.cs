using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.Runs;
using AgentOperator.Validation;

namespace AgentOperator.Tests.Runs;

/// <summary>A run that waits for several things names the first.</summary>
internal sealed class GateOrderTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Now;

    /// <summary>What closes each gate, in the gates' order.</summary>
    private static readonly (string Reason, Func<RunSnapshot, RunSnapshot> Close)[] Closed =
    [
        (Reasons.Suspended, snapshot => snapshot.WithAccepted(new AcceptedSpec(snapshot.Spec with { Suspend = true }, []))),
        (Reasons.InvalidSpec, snapshot => snapshot with { SpecViolations = ["spec.x: is wrong"] }),
        (Reasons.ImmutableField, snapshot => snapshot with { ChangedFields = ["spec.model"] }),
        (Reasons.ModelEndpointNotFound, snapshot => snapshot with { EndpointBlocker = EndpointBlocker.Find(null, "openai", "agents") }),
        (Reasons.PodTerminating, snapshot => snapshot with
        {
            Pods = [PodState.Deleting(PodState.Running(SnapshotBuilder.Plain(snapshot.Run, 1, "512Mi"), Now), Now.AddSeconds(30))],
        }),
        (Reasons.PodTerminating, snapshot => snapshot with
        {
            Pods = [.. snapshot.Pods, PodState.Deleting(PodState.Running(SnapshotBuilder.Plain(snapshot.Run, 2, "512Mi"), Now), Now.AddSeconds(5))],
        }),
        (Reasons.Diverged, snapshot => snapshot.WithStatus(snapshot.Status with
        {
            Attempts = [.. snapshot.Status.Attempts!.Select(attempt => attempt with { Outcome = Outcomes.Fenced, Reason = Reasons.Diverged })],
        })),
        (Reasons.BackingOff, snapshot => snapshot.WithStatus(snapshot.Status with { NextAttemptAt = Now.AddSeconds(9) })),
        (Reasons.EndpointUnavailable, snapshot => snapshot with
        {
            Outage = new EndpointOutage(Reasons.EndpointUnavailable, "Overloaded.", Now.AddMinutes(-1), Now.AddMinutes(1)),
        }),
        (Reasons.PodRejected, snapshot => snapshot with { Obstacle = new Blocker(Reasons.PodRejected, "The quota is used up.", Now.AddSeconds(15)) }),
    ];

    [Test]
    public void Decide_SeveralGatesAreClosed_NamesTheFirst([Range(0, 9)] int first)
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Evicted);
        foreach (var (_, close) in Closed[first..])
        {
            builder.With(close);
        }

        var running = builder.Decide().Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Running);

        Assert.That(running.Reason, Is.EqualTo(Closed[first].Reason));
    }
}
