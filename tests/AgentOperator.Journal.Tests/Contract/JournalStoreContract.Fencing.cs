using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>I3 and I5: one epoch commits, and a run ends once.</summary>
public abstract partial class JournalStoreContract
{
    [Test]
    public async Task Append_OfAStaleEpoch_IsRefusedOnEveryReplica()
    {
        await ClaimAsync();
        var other = Replica();
        await ClaimSecondAsync(other);

        // The first replica still remembers the head at which epoch 1 was the owner.
        Assert.That(await CodeOfAsync(() => AppendAsync(_store, 2, Records.Answer("late"))), Is.EqualTo(ErrorCodes.StaleEpoch));
        Assert.That((await other.AppendAsync(_run, Second, 3, [Records.Answer("now")], default)).Sequence, Is.EqualTo(4));
        Assert.That(await CodeOfAsync(() => AppendAsync(_store, 4, Records.Answer("later"))), Is.EqualTo(ErrorCodes.StaleEpoch));
    }

    [Test]
    public async Task Append_OfAnotherPodWithTheSameEpoch_IsRefused()
    {
        await ClaimAsync();

        var code = await CodeOfAsync(() => _store.AppendAsync(_run, First with { PodUid = "somebody" }, 2, [Records.Answer("a")], default));

        Assert.That(code, Is.EqualTo(ErrorCodes.StaleEpoch));
    }

    [Test]
    public async Task Append_BeforeTheClaim_IsTooEarly()
    {
        await StartAsync(_store, _run);

        Assert.That(await CodeOfAsync(() => AppendAsync(_store, 1, Records.Answer("a"))), Is.EqualTo(ErrorCodes.EpochNotClaimed));
    }

    [Test]
    public Task AnyChange_BeforeTheStart_IsTooEarly() => Assert.MultipleAsync(async () =>
    {
        Assert.That(await CodeOfAsync(() => AppendAsync(_store, 0, Records.Answer("a"))), Is.EqualTo(ErrorCodes.EpochNotClaimed));
        Assert.That(await CodeOfAsync(() => ClaimSecondAsync(_store)), Is.EqualTo(ErrorCodes.EpochNotClaimed));
        Assert.That(await CodeOfAsync(() => FinishAsync(_store, "Test")), Is.EqualTo(ErrorCodes.EpochNotClaimed));
        Assert.That(await CodeOfAsync(() => _store.ReadAsync(_run, 0, int.MaxValue, default)), Is.EqualTo(ErrorCodes.EpochNotClaimed));
        Assert.That(await _store.ReadHeadAsync(_run, default), Is.Null);
        Assert.That(_store.KnownHead(_run), Is.Null);
    });

    [Test]
    public async Task Claim_OfAnOlderOrForeignEpoch_IsRefused_AndTheSameAgainChangesNothing()
    {
        await ClaimAsync();
        var claimed = await ClaimSecondAsync(_store);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await ClaimSecondAsync(_store), Is.EqualTo(claimed));
            Assert.That(
                await CodeOfAsync(() => _store.ClaimEpochAsync(_run, 1, Pod, First.PodUid, default)), Is.EqualTo(ErrorCodes.StaleEpoch));
            Assert.That(
                await CodeOfAsync(() => _store.ClaimEpochAsync(_run, 2, "survey-2", "another", default)), Is.EqualTo(ErrorCodes.StaleEpoch));
        });
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Claim_OfOneEpochByTwoPodsAtOnce_BindsOne()
    {
        await StartAsync(_store, _run);
        IJournalStore[] replicas = [_store, Replica()];

        var heads = await RaceAsync(
            replica => replicas[replica].ClaimEpochAsync(_run, 1, $"survey-{replica}", $"uid-{replica}", default), ErrorCodes.StaleEpoch);

        var winner = heads.Single(head => head is not null)!;
        Assert.That((await Replica().ReadHeadAsync(_run, default))!.PodUid, Is.EqualTo(winner.PodUid));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Change_OnAReplicaWhoseMemoryIsOld_FollowsWhatTheOtherCommitted()
    {
        await ClaimAsync();
        var other = Replica();
        var appended = await AppendAsync(other, 2, Records.Result("a/1"));

        var claimed = await ClaimSecondAsync(_store);
        Assert.That((claimed.Sequence, claimed.Epoch), Is.EqualTo((appended.Sequence + 1, 2)));

        await other.AppendAsync(_run, Second, claimed.Sequence, [Records.Result("a/2")], default);
        Assert.That((await FinishAsync(_store, "Test")).Sequence, Is.EqualTo(claimed.Sequence + 2));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(6));
    }

    [Test]
    public async Task Finish_Twice_KeepsTheFirstEnd_AndNothingFollowsIt()
    {
        await ClaimAsync();
        var ended = await FinishAsync(_store, "DeadlineExceeded");

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(ended.Finished, Is.EqualTo(JournalRules.Summarize(EndOf("DeadlineExceeded"))));
            Assert.That(await FinishAsync(Replica(), "Other"), Is.EqualTo(ended));
            Assert.That(await _store.AppendForOperatorAsync(_run, ended.Sequence, Records.Result("a"), default), Is.EqualTo(ended));
            Assert.That(await CodeOfAsync(() => AppendAsync(_store, ended.Sequence, Records.Answer("a"))), Is.EqualTo(ErrorCodes.RunFinished));
            Assert.That(await CodeOfAsync(() => ClaimSecondAsync(Replica())), Is.EqualTo(ErrorCodes.RunFinished));
        });
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Finish_ByTwoReplicasAtOnce_KeepsOneEnd()
    {
        await ClaimAsync();
        IJournalStore[] replicas = [_store, Replica()];

        var heads = await RaceAsync(replica => FinishAsync(replicas[replica], $"End{replica}"), code: "");

        Assert.That(heads[0], Is.EqualTo(heads[1]));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(3));
    }

    /// <summary>A runner whose last reply was lost must learn that its end was taken.</summary>
    [Test]
    public async Task Append_OfTheEndRepeated_IsAnsweredAsCommitted()
    {
        await ClaimAsync();
        var end = new NewRecord(
            RecordKinds.RunFinished, JsonSerializer.SerializeToElement(EndOf("Completed"), ProtocolJson.Default.RunFinishedPayload));
        var ended = await AppendAsync(_store, 2, end);

        Assert.That(await AppendAsync(_store, 2, end), Is.EqualTo(ended));
    }
}
