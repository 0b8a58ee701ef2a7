using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Answers a step's model call, in the shape of OpenAI's chat completions.</summary>
internal sealed class ChatCompletionsEndpoint(ModelProxy model) : IGatewayEndpoint
{
    public string Method => HttpMethods.Post;

    public string Path => Routes.ChatCompletions;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var (stepKey, expected) = StepHeaders.Read(context.Request);
        var body = await context.ReadBytesAsync(ModelRequest.MaxBytes);
        var authorization = context.Request.Headers.Authorization.ToString();
        var reply = await model.CompleteAsync(runner, run, authorization, stepKey, expected, body, context.RequestAborted);
        context.Response.Headers[Routes.SequenceHeader] = reply.Sequence.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[Routes.ReplayedHeader] = reply.Replayed ? "true" : "false";
        await context.WriteBytesAsync(ChatCompletion.Write(stepKey, reply.Answer));
    }
}
