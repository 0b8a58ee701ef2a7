using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Answers a step's model call, in the shape of OpenAI's chat completions.</summary>
internal sealed class ChatCompletionsEndpoint(ModelCalls calls, BodyReader bodies) : IGatewayEndpoint
{
    public string Method => HttpMethods.Post;

    public string Path => Routes.ChatCompletions;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var step = StepHeaders.Read(context.Request, runner);
        var body = await bodies.ReadAsync(context, runner);
        var authorization = context.Request.Headers.Authorization.ToString();
        var reply = await calls.CompleteAsync(step, run, authorization, body, context.RequestAborted);
        context.Response.Headers[Routes.SequenceHeader] = reply.Sequence.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[Routes.ReplayedHeader] = reply.Replayed ? "true" : "false";
        await context.WriteBytesAsync(ChatCompletion.Write(step.Key, reply.Answer));
    }
}
