using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>
/// Tells a runner what to do: the frozen spec and the current limits. A new attempt asks with <c>?journal=true</c> and gets the journal's first
/// page, too. An attempt that asks without it is about to end its run for a limit: it gets the limits as the API server has them.
/// </summary>
internal sealed class DescribeRunEndpoint(IJournalStore journal, AcceptedRuns runs, TimeProvider time) : IGatewayEndpoint
{
    public string Method => HttpMethods.Get;

    public string Path => Routes.Run;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var withJournal = BooleanField.Read("journal", context.Request.Query["journal"]);

        // From the store, once for each attempt: the cache may lack what was committed through another replica.
        var reading = await journal.ReadOwnedAsync(runner, after: 0, withJournal ? OwnedJournal.PageBytes : 1, context.RequestAborted);
        var started = JournalRules.Read(reading.Records[0], ProtocolJson.Default.RunStartedPayload);
        var newest = withJournal ? run : await runs.GetNewestAsync(run, context.RequestAborted);
        var description = RunDescriptionFactory.Create(newest, started, reading.Head, runner.Writer.Epoch, time.GetUtcNow());
        await (withJournal
            ? context.WriteBytesAsync(JournalPageBody.Of(description, reading))
            : context.WriteAsync(description, ProtocolJson.Default.RunDescription));
    }
}
