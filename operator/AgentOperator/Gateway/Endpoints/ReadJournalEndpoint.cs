using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Returns a page of the journal, from the record after <c>?after=</c>.</summary>
internal sealed class ReadJournalEndpoint(IJournalStore journal) : IGatewayEndpoint
{
    public string Method => HttpMethods.Get;

    public string Path => Routes.Journal;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var text = context.Request.Query["after"].ToString();
        long after = 0;
        if (text.Length > 0 && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            throw GatewayException.Invalid("after: is not a sequence number");
        }

        await context.WriteBytesAsync(JournalPageBody.Of(await ReadAsync(runner, after, context.RequestAborted)));
    }

    /// <summary>
    /// A page that ends before the head that this replica knows is complete, however far the journal has gone on by now. Otherwise the store is read:
    /// another replica may have committed more.
    /// </summary>
    private async Task<JournalReading> ReadAsync(RunnerIdentity runner, long after, CancellationToken cancellationToken)
    {
        var known = await journal.ReadOwnedAsync(
            runner, after, OwnedJournal.PageBytes, cancellationToken, head => head.Epoch >= runner.Writer.Epoch && head.Sequence > after);
        return known.Records.Count > 0 && known.Records[^1].Sequence < known.Head.Sequence
            ? known
            : await journal.ReadOwnedAsync(runner, after, OwnedJournal.PageBytes, cancellationToken);
    }
}
