using AgentOperator.Gateway.Peers;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>Looks for a step's answer before a call is made: in the journal, and at the other replicas.</summary>
internal sealed class AnswerLookup(IJournalStore journal, CommittedAnswers answers, IGatewayPeers peers, PaidAnswers paid)
{
    private const int PageBytes = 16 * 1024;

    /// <summary>The journal's head, for its owner. It may be stale: <see cref="ProviderCall"/> reads the store before it sends anything.</summary>
    /// <exception cref="JournalException">The runner is not the owner.</exception>
    public async Task<JournalHead> ReadHeadAsync(ModelStep step, CancellationToken cancellationToken)
    {
        var head = journal.KnownHead(step.Runner.Run) is { } known && step.IsAt(known)
            ? known
            : await journal.ReadHeadAsync(step.Runner.Run, cancellationToken)
                ?? throw new JournalException(ErrorCodes.EpochNotClaimed, "the run has no journal yet");
        JournalRules.CheckWriter(head, step.Runner.Writer);
        return head;
    }

    /// <summary>
    /// The step after the unused calls that were recorded since the runner last read the journal. They change nothing for it, so it need not read
    /// them before it asks again.
    /// </summary>
    public async Task<ModelStep> PassUnusedCallsAsync(ModelStep step, JournalHead head, CancellationToken cancellationToken)
    {
        while (step.ExpectedSequence < head.Sequence)
        {
            var page = await journal.ReadAsync(step.Runner.Run, step.ExpectedSequence, PageBytes, cancellationToken);
            var unused = page.Records.TakeWhile(record => record.Kind == RecordKinds.ModelCallsUnused).Count();
            step = step with { ExpectedSequence = step.ExpectedSequence + unused };
            if (unused < page.Records.Count)
            {
                break;
            }
        }

        return step;
    }

    /// <summary>
    /// The step's committed answer, wherever in the journal it is; null if there is none, or if the runner knows more records than there are.
    /// </summary>
    /// <exception cref="GatewayException">The answer is to another request.</exception>
    public async Task<ModelReply?> FindCommittedAsync(ModelStep step, JournalHead head, CancellationToken cancellationToken)
    {
        if (step.ExpectedSequence > head.Sequence
            || await answers.FindAsync(step.Runner.Run, step.Key, head, cancellationToken) is not { } found)
        {
            return null;
        }

        return found.Answer.RequestHash is { } hash && step.RequestHash is { } asked && hash != asked
            ? throw GatewayException.KeyReused(found.Sequence)
            : found;
    }

    /// <summary>The step's answer was committed.</summary>
    public void Committed(ModelStep step, long sequence) => answers.Add(step.Runner.Run, step.Key, step.ExpectedSequence, sequence);

    /// <summary>The step's answer when another replica made the call and has committed it now.</summary>
    /// <param name="step">The step.</param>
    /// <param name="head">The journal's head.</param>
    /// <param name="authorization">The runner's own Authorization header.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ModelReply?> FindAtPeersAsync(ModelStep step, JournalHead head, string authorization, CancellationToken cancellationToken) =>
        MayBeUnderWayElsewhere(step, head)
        && await peers.HaveCommittedAsync(authorization, step.Key, step.ExpectedSequence, cancellationToken)
        && await journal.ReadHeadAsync(step.Runner.Run, cancellationToken) is { } after
            ? await FindCommittedAsync(step, after, cancellationToken)
            : null;

    /// <summary>
    /// The runner, or the attempt before it, may have asked another replica: the runner says so, or this is the first step of an attempt that
    /// follows another one.
    /// </summary>
    private bool MayBeUnderWayElsewhere(ModelStep step, JournalHead head) =>
        (step.IsRepeated || (step.Runner.Writer.Epoch > 1 && head.ProgressSequence < head.Sequence))
        && paid.Find(step.Runner.Run.Uid, step.Key) is null;
}
