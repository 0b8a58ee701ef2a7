using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Tells a runner what to do: the frozen spec, the current limits and, with <c>?journal=true</c>, the journal's first page.</summary>
internal sealed class DescribeRunEndpoint(IJournalStore journal, TimeProvider time) : IGatewayEndpoint
{
    public string Method => HttpMethods.Get;

    public string Path => Routes.Run;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var withJournal = context.Request.Query["journal"] == "true";

        // Asked by a new attempt: only it writes after its claim, and its next request is refused if this answer is stale.
        var reading = await journal.ReadOwnedAsync(
            runner, after: 0, withJournal ? OwnedJournal.PageBytes : 1, context.RequestAborted, claimedEpoch: runner.Writer.Epoch);
        var started = JournalRules.Read(reading.Records[0], ProtocolJson.Default.RunStartedPayload);
        var description = RunDescriptionFactory.Create(run, started, reading.Head, runner.Writer.Epoch, time.GetUtcNow());
        await context.WriteAsync(withJournal ? description with { Journal = reading.ToPage() } : description, ProtocolJson.Default.RunDescription);
    }
}
