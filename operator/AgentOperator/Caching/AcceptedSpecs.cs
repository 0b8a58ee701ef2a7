using System.Diagnostics.CodeAnalysis;
using AgentOperator.Api;
using AgentOperator.Api.Validation;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Caching;

/// <summary>
/// Tells which spec a run goes by: the one in its journal's first record, with what may change since. The reconciler and the gateway both ask here,
/// so an edit that an API server without CEL lets through decides nothing anywhere. ADR 33.
/// </summary>
internal sealed class AcceptedSpecs(IJournalStore journal, TimeProvider time)
{
    private const int MaxKept = 10_000;

    /// <summary>A first record never changes; this only bounds the memory.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly ExpiringCache<string, AgentRunSpec> _frozen = new(MaxKept, time);

    /// <summary>The run's accepted spec. Reads the journal once for a run whose spec was changed.</summary>
    /// <exception cref="JournalException">The journal cannot be read, or its first record is broken.</exception>
    public async Task<AcceptedSpec> FindAsync(AgentRun run, CancellationToken cancellationToken)
    {
        if (!TryFind(run, out var accepted))
        {
            accepted = await ReadAsync(run, cancellationToken) is { } frozen ? Accept(frozen, run.Spec) : new AcceptedSpec(run.Spec, []);
        }

        return accepted;
    }

    /// <summary>The same without a read; false if it takes one.</summary>
    public bool TryFind(AgentRun run, [NotNullWhen(true)] out AcceptedSpec? accepted)
    {
        accepted = IsUnchanged(run) ? new AcceptedSpec(run.Spec, [])
            : _frozen.TryGet(run.Metadata.Uid, out var frozen) ? Accept(frozen, run.Spec)
            : null;
        return accepted is not null;
    }

    /// <summary>The API server counts the changes of a spec, and nobody else can.</summary>
    private static bool IsUnchanged(AgentRun run) => run.Metadata.Generation == 1;

    private static AcceptedSpec Accept(AgentRunSpec frozen, AgentRunSpec live)
    {
        var refused = FrozenSpec.ChangedFields(frozen, live);
        return new AcceptedSpec(WithUsableParameters(refused.Count == 0 ? live : FrozenSpec.Effective(frozen, live), frozen), refused);
    }

    /// <summary>They may change at any time, also to what no request can be sent with. The run's <c>Accepted</c> condition then says so.</summary>
    private static AgentRunSpec WithUsableParameters(AgentRunSpec spec, AgentRunSpec frozen) =>
        ParameterRules.Check(spec.Model.Parameters, "spec.model.parameters").Any()
            ? spec with { Model = spec.Model with { Parameters = frozen.Model.Parameters } }
            : spec;

    /// <summary>The frozen spec; null if the run has no journal yet.</summary>
    private async Task<AgentRunSpec?> ReadAsync(AgentRun run, CancellationToken cancellationToken)
    {
        var identity = new RunIdentity(run.Metadata.NamespaceProperty, run.Metadata.Name, run.Metadata.Uid);
        try
        {
            // Any cached head will do: the first record is the same in all of them.
            var reading = await journal.ReadAsync(identity, after: 0, maxBytes: 1, cancellationToken, isEnough: static _ => true);
            var frozen = FrozenSpec.Read(JournalRules.Read(reading.Records[0], ProtocolJson.Default.RunStartedPayload).Spec);
            _frozen.Set(run.Metadata.Uid, frozen, Kept);
            return frozen;
        }
        catch (JournalException exception) when (exception.Code == ErrorCodes.EpochNotClaimed)
        {
            return null;
        }
    }
}
