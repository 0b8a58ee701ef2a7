using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Commits a run's result. The run is over with it.</summary>
internal sealed class FinishRunEndpoint(IJournalStore journal, IHostApplicationLifetime lifetime) : IGatewayEndpoint
{
    public string Method => HttpMethods.Post;

    public string Path => Routes.Result;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var request = await context.ReadMessageAsync(ProtocolJson.Default.ResultRequest);
        var payload = JsonSerializer.SerializeToElement(request.Result, ProtocolJson.Default.RunFinishedPayload);

        // A write that has begun is finished even when the runner hangs up.
        var head = await journal.AppendAsync(
            runner.Run, runner.Writer, request.ExpectedSequence, [new NewRecord(RecordKinds.RunFinished, payload)], lifetime.ApplicationStopped);
        await context.WriteAsync(new AppendResponse(head.Sequence), ProtocolJson.Default.AppendResponse);
    }
}
