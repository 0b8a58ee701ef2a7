using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Runs.Status;
using AgentOperator.Runs;
using AgentOperator.Validation;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Providers, tools, the kubelet and the cluster may say anything; what is shown of it is plain text, and never too much.</summary>
[TestFixture]
internal sealed class AnyTextTests
{
    private static readonly (string Where, Func<string, SnapshotBuilder> Say)[] Speakers =
    [
        ("the run's end", text => new SnapshotBuilder().Attempt(1).Head(1, finished: End(text))
            .Pod(1, pod => PodState.Exited(pod, 0, SnapshotBuilder.Now))),
        ("the termination message", text => new SnapshotBuilder().Attempt(1).Head(1)
            .Pod(1, pod => PodState.Exited(pod, 1, SnapshotBuilder.Now, reason: text, message: text))),
        ("the termination message of a fenced agent", text => new SnapshotBuilder().Attempt(1).Head(1)
            .Pod(1, pod => PodState.Exited(pod, RunnerExitCodes.Fenced, SnapshotBuilder.Now, message: $"{text}: {text}"))),
        ("an eviction", text => new SnapshotBuilder().Attempt(1).Head(1).Pod(1, pod => PodState.Evicted(pod, SnapshotBuilder.Now, text))),
        ("a pod that failed", text => new SnapshotBuilder().Attempt(1).Head(1).Pod(1, pod => PodState.FailedWithoutContainer(pod, text, text))),
        ("a container that waits", text => new SnapshotBuilder().Attempt(1).Head(1).Pod(1, pod => PodState.Waiting(pod, text, text))),
        ("the scheduler", text => new SnapshotBuilder().Attempt(1).Head(1).Pod(1, pod => WithCondition(pod, "PodScheduled", "False", text))),
        ("a disruption", text => new SnapshotBuilder().Attempt(1).Head(1)
            .Pod(1, pod => WithCondition(PodState.Running(pod, SnapshotBuilder.Now), "DisruptionTarget", "True", text))),
        ("a refused pod", text => new SnapshotBuilder().Head(0)
            .With(snapshot => snapshot with { Obstacle = new Blocker(Reasons.PodRejected, text, SnapshotBuilder.Now.AddSeconds(15)) })),
        ("a task that is missing", text => new SnapshotBuilder().With(snapshot => snapshot with { Task = ResolvedTask.NotFound(text) })),
        ("a spec that is wrong", text => new SnapshotBuilder().With(snapshot => snapshot with { SpecViolations = [text, text] })),
        ("a broken journal", text => new SnapshotBuilder().Attempt(1).Head(1).With(snapshot => snapshot with { JournalFault = text })),
    ];

    [Test]
    public void Decide_AnyTextFromAnywhere_StatusIsPlainAndSmall([Range(0, 11)] int speaker)
    {
        var (where, say) = Speakers[speaker];
        for (var seed = 1; seed <= 200; seed++)
        {
            var status = say(AnyText.Of(seed)).Decide().Status;

            Assert.That(StatusSize.BytesOf(status), Is.LessThanOrEqualTo(StatusSize.MaxBytes), $"{where}, seed {seed}");
            var shown = Strings(JsonSerializer.SerializeToElement(status, ApiJson.TypeInfo<AgentRunStatus>()));
            Assert.That(shown.Where(text => PlainText.Of(text) != text), Is.Empty, $"{where}, seed {seed}");
            Assert.That(shown.SelectMany(TerminalControls.In), Is.Empty, $"{where}, seed {seed}");
        }
    }

    [Test]
    public void ToObject_RunsEndOfAnyText_HeadIsPlainAndWithinItsSchema()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var payload = JsonSerializer.SerializeToElement(End(AnyText.Of(seed)), ProtocolJson.Default.RunFinishedPayload);
            var started = JournalRules.Place(0, JournalHash.Genesis, 0, [Started()], SnapshotBuilder.Now);
            var segment = Segment.First(started[0]);
            var end = new NewRecord(RecordKinds.RunFinished, payload);
            var ended = segment.With(JournalRules.Place(segment.Head.Sequence, segment.Head.Hash, 0, [end], SnapshotBuilder.Now));

            var finish = SegmentMapping.ToObject(new RunIdentity("team", "run", AgentRunBuilder.Uid), ended).Spec.Head.Finished!;

            Assert.That(new[] { finish.Reason, finish.Message, finish.Result }.Where(text => PlainText.Of(text) != text), Is.Empty, $"seed {seed}");
            Assert.That(finish.Reason, Has.Length.LessThanOrEqualTo(128), $"seed {seed}");
        }
    }

    private static RunFinishedPayload End(string text) => new() { Outcome = RunOutcome.Failed, Reason = text, Message = text, Result = text };

    private static NewRecord Started()
    {
        using var spec = JsonDocument.Parse("{}");
        var payload = new RunStartedPayload("uid", "hash", spec.RootElement);
        return new NewRecord(RecordKinds.RunStarted, JsonSerializer.SerializeToElement(payload, ProtocolJson.Default.RunStartedPayload));
    }

    private static V1Pod WithCondition(V1Pod pod, string type, string status, string text) => pod with
    {
        Status = pod.Status with { Conditions = [new V1PodCondition { Type = type, Status = status, Reason = text, Message = text }] },
    };

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Strings(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };
}
