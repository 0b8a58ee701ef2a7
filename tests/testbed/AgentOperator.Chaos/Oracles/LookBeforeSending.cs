using AgentOperator.Chaos.Sabotage;
using AgentOperator.Journal;

namespace AgentOperator.Chaos.Oracles;

/// <summary>
/// Notes what each model call knows of its run's head. Between its look and the arrival of its call at the provider another replica may commit: no
/// program can close that gap. But it must look before every call, and not call against what it saw.
/// </summary>
internal sealed class LookBeforeSending(IJournalStore journal) : JournalDecorator(journal)
{
    private readonly AsyncLocal<Look?> _current = new();

    /// <summary>Uses this flow's last look for one call.</summary>
    /// <returns>The head's sequence that was seen; null when there was no look since the last call.</returns>
    public long? Use()
    {
        var look = _current.Value;
        var seen = look?.Sequence;
        look?.Sequence = null;
        return seen;
    }

    /// <remarks>Not async: what it sets must be seen by its caller.</remarks>
    public override Task<JournalHead?> ReadHeadAsync(RunIdentity run, CancellationToken cancellationToken)
    {
        var look = new Look();
        _current.Value = look;
        return ReadAsync(look, run, cancellationToken);
    }

    private async Task<JournalHead?> ReadAsync(Look look, RunIdentity run, CancellationToken cancellationToken)
    {
        var head = await base.ReadHeadAsync(run, cancellationToken);
        look.Sequence = head?.Sequence ?? 0;
        return head;
    }

    private sealed class Look
    {
        public long? Sequence { get; set; }
    }
}
