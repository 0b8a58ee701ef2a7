using AgentOperator.Api;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Appends a runner's own records to the journal.</summary>
internal sealed class AppendRecordsEndpoint(
    IJournalStore journal, BodyReader bodies, RunBudget budget, IHostApplicationLifetime lifetime) : IGatewayEndpoint
{
    public string Method => HttpMethods.Post;

    public string Path => Routes.Journal;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        using var body = await bodies.ReadAsync(context, runner);
        var request = body.Parse(ProtocolJson.Default.AppendRequest, RequestChecks.FindAppendProblem);
        foreach (var (index, record) in request.Records.Index())
        {
            if (FindProblem(record) is { } problem)
            {
                throw GatewayException.Invalid($"records[{index}].{problem}");
            }
        }

        await CheckRoomAsync(runner, run, request.ExpectedSequence, body.Bytes.Length, context.RequestAborted);

        // A write that has begun is finished even when the runner hangs up: the record counts all the same.
        var head = await journal.AppendAsync(runner.Run, runner.Writer, request.ExpectedSequence, request.Records, lifetime.ApplicationStopped);
        await context.WriteAsync(new AppendResponse(head.Sequence), ProtocolJson.Default.AppendResponse);
    }

    /// <summary>A request whose records are committed already is not checked: it gets the answer that it got before.</summary>
    private async Task CheckRoomAsync(RunnerIdentity runner, AgentRun run, long expectedSequence, int bytes, CancellationToken cancellationToken)
    {
        var known = journal.KnownHead(runner.Run);
        var head = known?.Sequence >= expectedSequence ? known : await journal.ReadHeadAsync(runner.Run, cancellationToken);
        if (head?.Sequence == expectedSequence && head.Finished is null)
        {
            JournalRules.CheckWriter(head, runner.Writer);
            await budget.CheckRoomAsync(run, head, bytes, cancellationToken);
        }
    }

    private static string? FindProblem(NewRecord record) =>
        RecordKinds.IsAppendableByRunner(record.Kind) ? RecordChecks.FindProblem(record) : "kind must be one that a runner may append";
}
