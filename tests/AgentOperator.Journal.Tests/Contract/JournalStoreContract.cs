using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>
/// What every <see cref="IJournalStore"/> must do. A store passes it by deriving a fixture that says how to open the store, create and delete a run,
/// and damage a record. Invariants of the store's own layout belong into that store's tests.
/// </summary>
public abstract partial class JournalStoreContract
{
    private const string Pod = "survey-1";
    private static readonly Writer First = new(1, "pod-uid-1");
    private static readonly Writer Second = new(2, "pod-uid-2");

    private readonly List<IJournalStore> _replicas = [];
    private IJournalStore _store = null!;
    private RunIdentity _run = null!;

    /// <summary>Opens the store as one replica of the operator does: with caches of its own, on the data that all replicas share.</summary>
    protected abstract IJournalStore OpenReplica();

    /// <summary>Creates a run without a journal. A run of the same name may have existed before.</summary>
    protected abstract Task<RunIdentity> CreateRunAsync(string name);

    /// <summary>Deletes a run as a user does, and waits until its journal is deleted.</summary>
    protected abstract Task DeleteRunAsync(RunIdentity run);

    /// <summary>Changes the JSON text of a stored record behind the store's back.</summary>
    /// <param name="run">The run.</param>
    /// <param name="sequence">The record.</param>
    /// <param name="change">What becomes of its text.</param>
    /// <param name="isHashed">Whether the journal's head gets the new hash, as if the record, the last one, had been written so.</param>
    protected abstract Task DamageAsync(RunIdentity run, long sequence, Func<string, string> change, bool isHashed = false);

    [SetUp]
    public async Task OpenAsync()
    {
        _store = Replica();
        _run = await CreateRunAsync($"survey-{Guid.NewGuid():N}"[..20]);
    }

    [TearDown]
    public void Close()
    {
        foreach (var replica in _replicas.OfType<IDisposable>())
        {
            replica.Dispose();
        }

        _replicas.Clear();
    }

    private IJournalStore Replica()
    {
        var replica = OpenReplica();
        _replicas.Add(replica);
        return replica;
    }

    private static Task<JournalHead> StartAsync(IJournalStore store, RunIdentity run) =>
        store.StartAsync(run, "hash", JsonSerializer.SerializeToElement(new { task = "t" }), default);

    /// <summary>Starts the journal and claims the first epoch. The head is at 2.</summary>
    private async Task<JournalHead> ClaimAsync()
    {
        await StartAsync(_store, _run);
        return await _store.ClaimEpochAsync(_run, First.Epoch, Pod, First.PodUid, default);
    }

    private Task<JournalHead> ClaimSecondAsync(IJournalStore store) =>
        store.ClaimEpochAsync(_run, Second.Epoch, "survey-2", Second.PodUid, default);

    private Task<JournalHead> AppendAsync(IJournalStore store, long expected, params NewRecord[] records) =>
        store.AppendAsync(_run, First, expected, records, default);

    private Task<JournalHead> FinishAsync(IJournalStore store, string reason) => store.FinishAsync(_run, EndOf(reason), default);

    private static RunFinishedPayload EndOf(string reason) => new() { Outcome = RunOutcome.Failed, Reason = reason };

    /// <summary>All records, read by a replica that has no caches. Verifies the hash chain up to the head.</summary>
    private async Task<IReadOnlyList<JournalRecord>> CommittedAsync()
    {
        var reading = await Replica().ReadAsync(_run, 0, int.MaxValue, default);
        var hash = JournalHash.Genesis;
        foreach (var (index, record) in reading.Records.Index())
        {
            Assert.That((record.Sequence, record.PrevHash), Is.EqualTo((index + 1L, hash)));
            hash = StoredRecord.Encode(record).Hash;
        }

        Assert.That((reading.Head.Sequence, reading.Head.Hash), Is.EqualTo(((long)reading.Records.Count, hash)));
        return reading.Records;
    }

    private static async Task<string> CodeOfAsync(Func<Task> refused) => (await Assert.ThrowsAsync<JournalException>(() => refused()))!.Code;

    /// <summary>Runs an operation on two replicas at once. Null is a refusal with the code.</summary>
    private static async Task<IReadOnlyList<JournalHead?>> RaceAsync(Func<int, Task<JournalHead>> operation, string code)
    {
        return await Task.WhenAll(Enumerable.Range(0, 2).Select(replica => Task.Run(() => TryAsync(replica))));

        async Task<JournalHead?> TryAsync(int replica)
        {
            try
            {
                return await operation(replica);
            }
            catch (JournalException exception) when (exception.Code == code)
            {
                return null;
            }
        }
    }
}
