using AgentOperator.Chaos.Engine;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Sabotage;

/// <summary>Says that a model answer is committed and commits it afterwards.</summary>
internal sealed class AnswerBeforeCommit : ISabotage
{
    public IJournalStore Journal(IJournalStore journal, Simulator simulator, SimulatedProcess process) => new Store(journal, simulator, process);

    private sealed class Store(IJournalStore journal, Simulator simulator, SimulatedProcess process) : JournalDecorator(journal)
    {
        private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(200);

        public override async Task<JournalHead> AppendAsync(
            RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
        {
            if (records is not [{ Kind: RecordKinds.ModelAnswer }])
            {
                return await base.AppendAsync(run, writer, expectedSequence, records, cancellationToken);
            }

            var head = (await ReadHeadAsync(run, cancellationToken))!;
            simulator.After(Late, process, null, () => _ = CommitAsync(run, writer, expectedSequence, records));
            return head with { Sequence = expectedSequence + 1 };
        }

        private async Task CommitAsync(RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records)
        {
            try
            {
                await base.AppendAsync(run, writer, expectedSequence, records, CancellationToken.None);
            }
            catch (JournalException)
            {
                // Too late: that is the sabotage.
            }
        }
    }
}
