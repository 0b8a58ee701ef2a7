using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Appends a runner's own records to the journal.</summary>
internal sealed class AppendRecordsEndpoint(IJournalStore journal, IHostApplicationLifetime lifetime) : IGatewayEndpoint
{
    public string Method => HttpMethods.Post;

    public string Path => Routes.Journal;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var request = await context.ReadMessageAsync(ProtocolJson.Default.AppendRequest);
        if (request.Records is null || request.Records.Any(record => !RecordKinds.IsAppendableByRunner(record.Kind)))
        {
            throw GatewayException.Invalid("records: a runner appends ToolIntent, ToolResult, ToolFailed and ToolUnknown; the rest is the gateway's");
        }

        // A write that has begun is finished even when the runner hangs up: the record counts all the same.
        var head = await journal.AppendAsync(runner.Run, runner.Writer, request.ExpectedSequence, request.Records, lifetime.ApplicationStopped);
        await context.WriteAsync(new AppendResponse(head.Sequence), ProtocolJson.Default.AppendResponse);
    }
}
