using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Commits a run's result. The run is over with it.</summary>
internal sealed class FinishRunEndpoint(IJournalStore journal, BodyReader bodies, IHostApplicationLifetime lifetime) : IGatewayEndpoint
{
    private const int MaxReasonLength = 64;

    public string Method => HttpMethods.Post;

    public string Path => Routes.Result;

    public async Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        using var body = await bodies.ReadAsync(context, runner);
        var request = body.Parse(ProtocolJson.Default.ResultRequest, RequestChecks.FindResultProblem);
        var payload = JsonSerializer.SerializeToElement(Checked(request.Result), ProtocolJson.Default.RunFinishedPayload);

        // A write that has begun is finished even when the runner hangs up.
        var head = await journal.AppendAsync(
            runner.Run, runner.Writer, request.ExpectedSequence, [new NewRecord(RecordKinds.RunFinished, payload)], lifetime.ApplicationStopped);
        await context.WriteAsync(new AppendResponse(head.Sequence), ProtocolJson.Default.AppendResponse);
    }

    /// <summary>
    /// The end without texts that hold nothing. Metrics, events and clients see the reason, so it is one of a closed set: a word that this version
    /// does not know becomes part of the message.
    /// </summary>
    /// <exception cref="GatewayException">It says less than a run's end must say.</exception>
    private static RunFinishedPayload Checked(RunFinishedPayload end)
    {
        if (end.Reason is not { Length: > 0 and <= MaxReasonLength } || !end.Reason.All(char.IsAsciiLetterOrDigit))
        {
            throw GatewayException.Invalid($"result.reason: one CamelCase word is needed, at most {MaxReasonLength} characters");
        }

        if (end.Outcome == RunOutcome.Succeeded && string.IsNullOrWhiteSpace(end.Result))
        {
            throw GatewayException.Invalid("result.result: a run that succeeded has a result");
        }

        var (reason, message) = (end.Reason, string.IsNullOrWhiteSpace(end.Message) ? null : end.Message);
        if (end.Outcome == RunOutcome.Succeeded)
        {
            reason = TerminationReasons.Completed;
        }
        else if (!TerminationReasons.EndsRun(reason))
        {
            (reason, message) = (TerminationReasons.Failed, message is null ? reason : $"{reason}: {message}");
        }

        return end with { Reason = reason, Message = message, Result = string.IsNullOrWhiteSpace(end.Result) ? null : end.Result };
    }
}
