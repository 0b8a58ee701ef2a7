using System.Text;
using AgentOperator.Api;
using AgentOperator.Journal;

namespace AgentOperator.Tests.Runs;

/// <summary>A record that nobody can read ends the run; it is not read again and again.</summary>
internal sealed class BrokenRecordTests
{
    private static readonly string Segment = SegmentMapping.NameOf(
        new RunIdentity(AgentRunBuilder.Namespace, AgentRunBuilder.Name, AgentRunBuilder.Uid), 1);

    [Test]
    public async Task Reconcile_TheOpenCallsAnswerIsMalformed_FailsTheRunAndNamesTheRecord()
    {
        using var world = new RunWorld(new AgentRunBuilder().Memory("64Mi", percent: 200, max: "128Mi"));
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitCallsAsync("poison");
        await world.EndPodAsync(pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));
        await world.StartPodAsync();
        Damage(world, record: 3);

        await world.EndPodAsync(pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));

        var finished = world.Status.FindCondition(ConditionTypes.Finished)!;
        Assert.Multiple(() =>
        {
            Assert.That((world.Status.Phase, finished.Reason), Is.EqualTo((Phases.Failed, Reasons.JournalBroken)));
            Assert.That(finished.Message, Does.Contain("record 3 is not a valid ModelAnswer: payload.model is missing"));
            Assert.That(world.Pods.Created, Has.Count.EqualTo(2), "it is not tried again");
        });
    }

    private static void Damage(RunWorld world, int record) => world.Segments.Change(Segment, segment =>
    {
        var text = Encoding.UTF8.GetString(RecordCompression.Decompress(segment.Spec.Records[record - 1]));
        var damaged = Encoding.UTF8.GetBytes(text.Replace("\"model\":", "\"modell\":", StringComparison.Ordinal));
        segment.Spec = segment.Spec with
        {
            Records = [.. segment.Spec.Records.Select((bytes, at) => at == record - 1 ? RecordCompression.Compress(damaged) : bytes)],
        };
        return segment;
    });
}
