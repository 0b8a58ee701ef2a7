using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Peers;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Tells another replica, at once, whether a step's call is under way here or its answer in hand.</summary>
internal sealed class PeerCallEndpoint(PaidAnswers paid) : IGatewayEndpoint
{
    public string Method => HttpMethods.Get;

    public string Path => PeerRoute.Answer;

    public Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var isHere = paid.Find(runner.Run.Uid, StepHeaders.Read(context.Request, runner).Key) is not null;
        context.Response.StatusCode = isHere ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
