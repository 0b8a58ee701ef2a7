using AgentOperator.Api;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Gateway.Heartbeats;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Records that a runner is alive and tells it whether to go on, and under which limits.</summary>
internal sealed class HeartbeatEndpoint(IJournalStore journal, IHeartbeatWriter heartbeats, BodyReader bodies, TimeProvider time)
    : IGatewayEndpoint
{
    private const int RecordsPerTimeout = 3;

    public string Method => HttpMethods.Post;

    public string Path => Routes.Heartbeat;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        using var body = await bodies.ReadAsync(context, runner);
        _ = body.Parse(ProtocolJson.Default.HeartbeatRequest, RequestChecks.FindHeartbeatProblem);

        // Every runner beats every few seconds. The store is read only when the known head is older than this runner's claim.
        var known = journal.KnownHead(runner.Run);
        var head = known?.Epoch >= runner.Writer.Epoch ? known : await journal.ReadOwnedHeadAsync(runner, context.RequestAborted);
        JournalRules.CheckWriter(head, runner.Writer);
        JournalRules.CheckOpen(head);
        var atMostEvery = TimeSpan.FromSeconds(Math.Max(1, run.Spec.Recovery.HeartbeatTimeoutSeconds / RecordsPerTimeout));
        await heartbeats.RecordAsync(runner, atMostEvery, context.RequestAborted);
        if (StopReasonOf(run) is { } reason)
        {
            // Before the agent knows: its exit may be seen after the run is resumed.
            await heartbeats.RecordStopAsync(runner, reason, context.RequestAborted);
        }

        await context.WriteAsync(AnswerFor(run), ProtocolJson.Default.HeartbeatResponse);
    }

    private static string? StopReasonOf(AgentRun run) =>
        run.Metadata.DeletionTimestamp is not null ? Reasons.Deleting
        : run.Spec.Suspend ? Reasons.Suspended
        : null;

    private HeartbeatResponse AnswerFor(AgentRun run) => StopReasonOf(run) switch
    {
        Reasons.Deleting => new HeartbeatResponse(HeartbeatDirective.Stop, "the run is being deleted"),
        Reasons.Suspended => new HeartbeatResponse(HeartbeatDirective.Stop, "the run is suspended"),
        _ => new HeartbeatResponse(HeartbeatDirective.Continue, Terms: RunDescriptionFactory.TermsOf(run, time.GetUtcNow())),
    };
}
