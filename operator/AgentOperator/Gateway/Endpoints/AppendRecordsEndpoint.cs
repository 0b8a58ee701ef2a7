using System.Text.Json;
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
            throw GatewayException.Invalid(
                "records: a runner appends ToolIntent, ToolResult, ToolFailed, ToolUnknown, ToolsLeftOut and ContextShortened; the rest is the "
                + "gateway's");
        }

        foreach (var record in request.Records.Where(record => record.Kind == RecordKinds.ToolsLeftOut))
        {
            // It becomes part of the journal's head, so one that cannot be read must not get in.
            if (record.Payload.Deserialize(ProtocolJson.Default.ToolsLeftOutPayload)?.Tools is not { Count: > 0 } tools
                || tools.Any(tool => tool is not { Tool.Length: > 0, Reason: not null }))
            {
                throw GatewayException.Invalid("records: a ToolsLeftOut record names at least one tool, each with a reason");
            }
        }

        if (request.Records.Any(record => record.Kind == RecordKinds.ContextShortened
            && record.Payload.Deserialize(ProtocolJson.Default.ContextShortenedPayload) is not { MaxBytes: > 0, Limit: > 0 }))
        {
            throw GatewayException.Invalid("records: a ContextShortened record has maxBytes and limit, both above 0");
        }

        // A write that has begun is finished even when the runner hangs up: the record counts all the same.
        var head = await journal.AppendAsync(runner.Run, runner.Writer, request.ExpectedSequence, request.Records, lifetime.ApplicationStopped);
        await context.WriteAsync(new AppendResponse(head.Sequence), ProtocolJson.Default.AppendResponse);
    }
}
