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

        var reading = await journal.ReadOwnedAsync(runner, after, OwnedJournal.PageBytes, context.RequestAborted);
        await context.WriteAsync(reading.ToPage(), ProtocolJson.Default.JournalPage);
    }
}
