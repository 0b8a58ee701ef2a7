using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;

namespace AgentRunner.Loop;

/// <summary>The journal up to where it says which tools the run started with.</summary>
/// <param name="FirstPage">Its first page.</param>
/// <param name="Tools">The tools; null when no attempt has listed them, or an older runner started the run.</param>
internal sealed record StartOfJournal(JournalPage FirstPage, IReadOnlyList<OfferedTool>? Tools)
{
    /// <summary>Reads it.</summary>
    /// <param name="gateway">Where to read.</param>
    /// <param name="first">The first page, when it was read already; null reads it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalDefectException">The tools cannot be read.</exception>
    public static async Task<StartOfJournal> ReadAsync(IGateway gateway, JournalPage? first, CancellationToken cancellationToken)
    {
        first ??= await gateway.ReadJournalAsync(0, cancellationToken);
        for (var page = first; ; page = await gateway.ReadJournalAsync(page.Records[^1].Sequence, cancellationToken))
        {
            if (page.Records.FirstOrDefault(record => record.Kind is RecordKinds.ToolsListed or RecordKinds.ModelAnswer) is { } found)
            {
                return new StartOfJournal(first, found.Kind == RecordKinds.ToolsListed ? Replay.ReadTools(found) : null);
            }

            if (page.Records.Count == 0 || page.Records[^1].Sequence >= page.HeadSequence)
            {
                return new StartOfJournal(first, null);
            }
        }
    }
}
