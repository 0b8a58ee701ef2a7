using AgentOperator.Chaos.Sabotage;
using AgentOperator.Journal;

namespace AgentOperator.Chaos.Oracles;

/// <summary>
/// Notes what the model proxy of a replica knows of a run's head. Between its look and the arrival of its call at the provider another replica may
/// commit: no program can close that gap. But it must look before every call, and not call against what it saw.
/// </summary>
internal sealed class LookBeforeSending(IJournalStore journal) : JournalDecorator(journal)
{
    private readonly Dictionary<string, long> seen = [];
    private readonly HashSet<string> unused = [];

    /// <summary>Uses the last look for one call.</summary>
    /// <returns>The head's sequence that was seen; null when there was no look since the last call.</returns>
    public long? Use(string runUid) => unused.Remove(runUid) ? seen[runUid] : null;

    public override async Task<JournalHead?> ReadHeadAsync(RunIdentity run, CancellationToken cancellationToken)
    {
        var head = await base.ReadHeadAsync(run, cancellationToken);
        seen[run.Uid] = Math.Max(head?.Sequence ?? 0, seen.GetValueOrDefault(run.Uid));
        unused.Add(run.Uid);
        return head;
    }
}
