using AgentOperator.Journal;
using AgentOperator.Protocol;
using Microsoft.Extensions.Caching.Memory;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Finds the committed answer of a step wherever it is in the journal: in any segment, of any epoch, and committed by any replica. A run's journal is
/// read once; from then on the index grows with the answers that this replica commits, and with what it reads of the others'. ADR 34.
/// </summary>
internal sealed class CommittedAnswers(IJournalStore journal) : IDisposable
{
    private const int PageBytes = 1024 * 1024;
    private const long MaxBytes = 32 * 1024 * 1024;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private readonly MemoryCache _indexes = new(new MemoryCacheOptions { SizeLimit = MaxBytes });

    /// <summary>The step's answer; null when the journal has none up to this head.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stepKey">The step's key.</param>
    /// <param name="head">The head that the caller knows. The search may see later records, too.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public async Task<ModelReply?> FindAsync(RunIdentity run, string stepKey, JournalHead head, CancellationToken cancellationToken)
    {
        if (await FindSequenceAsync(run, stepKey, head, cancellationToken) is not { } sequence)
        {
            return null;
        }

        if (await ReadAsync(run, stepKey, sequence, cancellationToken) is { } found)
        {
            return found;
        }

        // The store was set back to a time before the answer.
        _indexes.Remove(run.Uid);
        return await FindSequenceAsync(run, stepKey, head, cancellationToken) is { } other
            ? await ReadAsync(run, stepKey, other, cancellationToken)
            : null;
    }

    /// <summary>An answer was committed, after unused calls at most, at a head whose answers were searched.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stepKey">The answer's step.</param>
    /// <param name="after">The head's sequence before.</param>
    /// <param name="sequence">The answer's sequence.</param>
    public void Add(RunIdentity run, string stepKey, long after, long sequence)
    {
        if (Known(run) is var index && index.Sequence == after)
        {
            Remember(run, index.With(stepKey, sequence));
        }
    }

    public void Dispose() => _indexes.Dispose();

    private async Task<long?> FindSequenceAsync(RunIdentity run, string stepKey, JournalHead head, CancellationToken cancellationToken)
    {
        var index = Known(run);
        if (index.Sequence < head.Sequence && index.Answers.Count == head.Steps)
        {
            // The records between are no answers.
            index = Remember(run, index with { Sequence = head.Sequence });
        }

        while (index.Sequence < head.Sequence)
        {
            var page = await journal.ReadAsync(run, index.Sequence, PageBytes, cancellationToken, known => known.Sequence >= head.Sequence);
            if (page.Records.Count == 0)
            {
                break;
            }

            index = Remember(run, index.With(page.Records));
        }

        return index.Answers.TryGetValue(stepKey, out var sequence) ? sequence : null;
    }

    private async Task<ModelReply?> ReadAsync(RunIdentity run, string stepKey, long sequence, CancellationToken cancellationToken)
    {
        var page = await journal.ReadAsync(run, sequence - 1, maxBytes: 1, cancellationToken, known => known.Sequence >= sequence);
        return page.Records is [{ Kind: RecordKinds.ModelAnswer } record] && record.StepKey == stepKey
            ? new ModelReply(JournalRules.Read(record, ProtocolJson.Default.ModelAnswerPayload), sequence, Replayed: true)
            : null;
    }

    private AnswerIndex Known(RunIdentity run) => _indexes.Get<AnswerIndex>(run.Uid) ?? AnswerIndex.Empty;

    private AnswerIndex Remember(RunIdentity run, AnswerIndex index) =>
        _indexes.Set(run.Uid, index, new MemoryCacheEntryOptions { Size = index.Size, SlidingExpiration = Kept });
}
