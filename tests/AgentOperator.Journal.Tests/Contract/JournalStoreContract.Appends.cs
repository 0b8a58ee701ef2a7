using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>I1 and I2: an append is compare-and-swap, all or nothing, and safe to repeat.</summary>
public abstract partial class JournalStoreContract
{
    [Test]
    public async Task Start_Twice_StartsOnce()
    {
        var first = await StartAsync(_store, _run);
        var second = await StartAsync(_store, _run);
        var elsewhere = await StartAsync(Replica(), _run);

        Assert.Multiple(() =>
        {
            Assert.That((first.Sequence, first.Epoch, first.SpecHash, first.Lineage), Is.EqualTo((1L, 0, "hash", _run.Uid)));
            Assert.That(second, Is.EqualTo(first));
            Assert.That(elsewhere, Is.EqualTo(first));
        });
        Assert.That((await CommittedAsync()).Select(record => record.Kind), Is.EqualTo(new[] { RecordKinds.RunStarted }));
    }

    [Test]
    public async Task Start_ByTwoReplicasAtOnce_StartsOnce()
    {
        IJournalStore[] replicas = [Replica(), Replica()];

        var heads = await RaceAsync(replica => StartAsync(replicas[replica], _run), code: "");

        Assert.That(heads[0], Is.EqualTo(heads[1]));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Append_AtTheExpectedHead_CommitsAndCounts()
    {
        await ClaimAsync();

        var head = await AppendAsync(_store, 2, Records.Answer("a", prompt: 10, completion: 5, cached: 3), Records.Result("a/1"));

        Assert.Multiple(() =>
        {
            Assert.That((head.Sequence, head.Epoch, head.Pod, head.PodUid), Is.EqualTo((4L, 1, Pod, First.PodUid)));
            Assert.That((head.Steps, head.ToolCalls, head.ProgressSequence), Is.EqualTo((1, 1L, 4L)));
            Assert.That(head.Usage, Is.EqualTo(new TokenUsage(10, 5, 3)));
        });
        Assert.That(await Replica().ReadHeadAsync(_run, default), Is.EqualTo(head), "another replica reads the same head");
    }

    [TestCase(2, TestName = "Append_BehindTheHead_IsAConflictThatNamesTheHead")]
    [TestCase(9, TestName = "Append_BeyondTheHead_IsAConflictThatNamesTheHead")]
    public async Task Append_ElsewhereThanAtTheHead_IsAConflictThatNamesTheHead(long expected)
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Answer("a"));

        var refusal = await Assert.ThrowsAsync<JournalException>(() => AppendAsync(_store, expected, Records.Answer("b")));

        Assert.That((refusal!.Code, refusal.HeadSequence), Is.EqualTo((ErrorCodes.SequenceConflict, 3L)));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(3));
    }

    /// <summary>The reply to the first was lost. By now the journal may have grown, and another replica may be asked.</summary>
    [Test]
    public async Task Append_Repeated_IsAnsweredAsCommitted([Values] bool atAnotherReplica)
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Answer("a"), Records.Result("a/1"));
        var head = await AppendAsync(_store, 4, Records.Answer("b"));

        var again = await AppendAsync(atAnotherReplica ? Replica() : _store, 2, Records.Answer("a"), Records.Result("a/1"));

        Assert.That(again, Is.EqualTo(head));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Append_RepeatedWithAnotherRecord_IsAConflict()
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Answer("a"));

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await CodeOfAsync(() => AppendAsync(_store, 2, Records.Answer("a", prompt: 2))), Is.EqualTo(ErrorCodes.SequenceConflict));
            Assert.That(
                await CodeOfAsync(() => AppendAsync(_store, 2, Records.Answer("a"), Records.Result("a/1"))), Is.EqualTo(ErrorCodes.SequenceConflict));
        });
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Append_SameRecordsByTwoReplicasAtOnce_CommitsThemOnce()
    {
        await ClaimAsync();
        IJournalStore[] replicas = [_store, Replica()];

        var heads = await RaceAsync(replica => AppendAsync(replicas[replica], 2, Records.Answer("a")), code: "");

        Assert.That(heads.Select(head => head!.Sequence), Is.EqualTo(new[] { 3, 3 }));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(3));
    }

    /// <summary>Long enough to cross every boundary that a store may have within a journal.</summary>
    [Test]
    public async Task Append_ByTwoReplicasAtOnce_CommitsOneOfThem()
    {
        await ClaimAsync();
        IJournalStore[] replicas = [_store, Replica()];
        for (var head = 2L; head < 150; head++)
        {
            var expected = head;

            var heads = await RaceAsync(
                replica => AppendAsync(replicas[replica], expected, Records.Answer($"{replica}-{expected}")), ErrorCodes.SequenceConflict);

            Assert.That(heads.Where(committed => committed is not null).Select(committed => committed!.Sequence), Is.EqualTo(new[] { expected + 1 }));
        }

        Assert.That(await CommittedAsync(), Has.Count.EqualTo(150));
    }

    [Test]
    public async Task Append_OfNoRecordOrTooMany_IsInvalid()
    {
        await ClaimAsync();
        var many = Enumerable.Range(0, JournalRules.MaxBatch + 1).Select(number => Records.Result($"{number}")).ToArray();

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await CodeOfAsync(() => AppendAsync(_store, 2)), Is.EqualTo(ErrorCodes.InvalidRequest));
            Assert.That(await CodeOfAsync(() => AppendAsync(_store, 2, many)), Is.EqualTo(ErrorCodes.InvalidRequest));
        });
        Assert.That((await AppendAsync(_store, 2, many[1..])).Sequence, Is.EqualTo(2 + JournalRules.MaxBatch));
    }

    [Test]
    public async Task AppendForOperator_AtAnotherHead_ChangesNothing()
    {
        await ClaimAsync();
        var head = await AppendAsync(_store, 2, Records.Answer("a"));

        Assert.That(await _store.AppendForOperatorAsync(_run, 2, Records.Result("a/1"), default), Is.EqualTo(head));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task AppendForOperator_ReplicaHasNotSeenTheExpectedHead_LooksForIt()
    {
        await ClaimAsync();
        var head = await AppendAsync(Replica(), 2, Records.Result("a/1"));

        var appended = await _store.AppendForOperatorAsync(_run, head.Sequence, Records.Result("a/2"), default);

        Assert.That((appended.Sequence, appended.Epoch), Is.EqualTo((head.Sequence + 1, First.Epoch)));
    }
}
