using AgentOperator.Chaos.Engine;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Sabotage;

/// <summary>Lets a writer commit whose epoch is over: as if nobody compared epochs and pods.</summary>
internal sealed class BrokenFencing : ISabotage
{
    public IJournalStore Journal(IJournalStore journal, Simulator simulator, SimulatedProcess process) => new Store(journal);

    private sealed class Store(IJournalStore journal) : JournalDecorator(journal)
    {
        public override async Task<JournalHead> AppendAsync(
            RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
        {
            try
            {
                return await base.AppendAsync(run, writer, expectedSequence, records, cancellationToken);
            }
            catch (JournalException exception) when (exception.Code == ErrorCodes.StaleEpoch)
            {
                var head = await ReadHeadAsync(run, cancellationToken);
                return await base.AppendAsync(run, new Writer(head!.Epoch, head.PodUid!), head.Sequence, records, cancellationToken);
            }
        }
    }
}
