using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>I11: deleting a run leaves nothing behind.</summary>
public abstract partial class JournalStoreContract
{
    [Test]
    public async Task Delete_OfARun_LeavesNoJournal_AndNobodyAppendsToIt()
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Answer("a"));
        await DeleteRunAsync(_run);

        // This replica remembers the journal.
        Assert.That(await CodeOfAsync(() => AppendAsync(_store, 3, Records.Answer("b"))), Is.EqualTo(ErrorCodes.EpochNotClaimed));
        Assert.That(await _store.ReadHeadAsync(_run, default), Is.Null);
        Assert.That(await Replica().ReadHeadAsync(_run, default), Is.Null);
    }

    [Test]
    public async Task Start_OfARunOfADeletedRunsName_IsANewJournal()
    {
        await ClaimAsync();
        await DeleteRunAsync(_run);
        var again = await CreateRunAsync(_run.Name);

        var head = await StartAsync(_store, again);

        Assert.That((head.Sequence, head.Epoch, head.Lineage), Is.EqualTo((1L, 0, again.Uid)));
        Assert.That(await _store.ReadHeadAsync(_run, default), Is.Null);
    }
}
