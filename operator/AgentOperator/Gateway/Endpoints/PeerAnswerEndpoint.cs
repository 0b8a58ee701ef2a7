using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Peers;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Commits a step's answer for a runner that asked another replica, if the call was made here.</summary>
internal sealed class PeerAnswerEndpoint(AnswerCommit answers) : IGatewayEndpoint
{
    public string Method => HttpMethods.Post;

    public string Path => PeerRoute.Answer;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var committed = await answers.CommitForPeerAsync(StepHeaders.Read(context.Request, runner), context.RequestAborted);
        context.Response.StatusCode = committed ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }
}
