using System.Text;
using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;

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
        world.Restart();

        await world.EndPodAsync(pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));

        var finished = world.Status.FindCondition(ConditionTypes.Finished)!;
        Assert.Multiple(() =>
        {
            Assert.That((world.Status.Phase, finished.Reason), Is.EqualTo((Phases.Failed, Reasons.JournalBroken)));
            Assert.That(finished.Message, Does.Contain("record 3 is not a valid ModelAnswer: payload.model is missing"));
            Assert.That(world.Pods.Created, Has.Count.EqualTo(2), "it is not tried again");
        });
    }

    /// <summary>Changes a record as if it had been written so: the hashes after it are right.</summary>
    private static void Damage(RunWorld world, int record) => world.Segments.Change(Segment, segment =>
    {
        var texts = segment.Spec.Records.Select(bytes => Encoding.UTF8.GetString(RecordCompression.Decompress(bytes))).ToArray();
        var (before, after) = ("\"model\":", "\"modell\":");
        for (var at = record - 1; at < texts.Length; at++)
        {
            var hash = JournalHash.Of(Encoding.UTF8.GetBytes(texts[at]));
            texts[at] = texts[at].Replace(before, after, StringComparison.Ordinal);
            (before, after) = (hash, JournalHash.Of(Encoding.UTF8.GetBytes(texts[at])));
        }

        var records = texts.Select(text => RecordCompression.Compress(Encoding.UTF8.GetBytes(text)));
        segment.Spec = segment.Spec with { Records = [.. records], HeadHash = after };
        return segment;
    });
}
