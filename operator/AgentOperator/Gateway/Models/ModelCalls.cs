using System.Diagnostics;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Serves a step's model call, in this order: look for its answer, check the budget, call or join the call, commit, answer.</summary>
internal sealed partial class ModelCalls(
    AnswerLookup lookup,
    ILister<ModelEndpoint> endpoints,
    RunBudget budget,
    CallWithFallbacks call,
    PaidAnswers paid,
    AnswerCommit commit,
    GatewayMetrics metrics,
    AnswersUnderWay underWay,
    IHostApplicationLifetime lifetime,
    ILogger<ModelCalls> logger)
{
    private const int EndpointMissingRetrySeconds = 10;

    /// <summary>The answer, the sequence it is committed at, and whether it was found rather than made.</summary>
    /// <param name="step">The step.</param>
    /// <param name="run">The step's run.</param>
    /// <param name="authorization">The runner's own Authorization header.</param>
    /// <param name="body">The request. Disposed when nothing needs it any more, which may be after the runner has hung up.</param>
    /// <param name="cancellationToken">The runner hung up.</param>
    public async Task<ModelReply> CompleteAsync(
        ModelStep step, AgentRun run, string authorization, HeldBody body, CancellationToken cancellationToken)
    {
        Task<ModelReply>? reply = null;
        try
        {
            reply = await FindOrCallAsync(step, run, authorization, body.Bytes, cancellationToken);
            return await reply.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (reply is not null && cancellationToken.IsCancellationRequested)
        {
            _ = EndUnheardAsync(step.Runner.Run, reply);
            throw;
        }
        finally
        {
            body.DisposeAfter(reply ?? Task.CompletedTask);
        }
    }

    /// <summary>The answer if it is there already, else what brings it.</summary>
    private async Task<Task<ModelReply>> FindOrCallAsync(
        ModelStep step, AgentRun run, string authorization, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var head = await lookup.ReadHeadAsync(step, cancellationToken);
        step = await lookup.PassUnusedCallsAsync(step with { RequestHash = JournalHash.Of(body.Span) }, head, cancellationToken);
        if (await lookup.FindCommittedAsync(step, head, cancellationToken) is { } committed)
        {
            return Task.FromResult(committed);
        }

        if (head.Sequence != step.ExpectedSequence)
        {
            throw new JournalException(
                ErrorCodes.SequenceConflict, $"the journal's head is at {head.Sequence}, not at {step.ExpectedSequence}", head.Sequence);
        }

        JournalRules.CheckOpen(head);
        var request = ModelRequest.Parse(body);
        if (request.Model != run.Spec.Model.Name)
        {
            throw GatewayException.Invalid($"model: the run's model is '{run.Spec.Model.Name}'");
        }

        await budget.CheckAsync(run, head, cancellationToken);
        if (await lookup.FindAtPeersAsync(step, head, authorization, cancellationToken) is { } elsewhere)
        {
            return Task.FromResult(elsewhere);
        }

        // Not bound to the connection: an answer that is under way is paid, and is committed whether or not the runner lives to see it.
        return underWay.Track(AnswerAsync(step, head, new ProviderRequest(EndpointOf(run), request, body)
        {
            RunParameters = run.Spec.Model.Parameters,
        }));
    }

    private ModelEndpoint EndpointOf(AgentRun run)
    {
        var (name, space) = (run.Spec.Model.EndpointRef.Name, run.Metadata.NamespaceProperty);
        var endpoint = endpoints.Get(new ObjectKey(space, name));
        return EndpointBlocker.Find(endpoint, name, space) is { } blocker
            ? throw GatewayException.ModelUnavailable(blocker.Message, EndpointMissingRetrySeconds)
            : endpoint!;
    }

    /// <summary>Makes the step's call, or joins it, and commits its answer.</summary>
    private async Task<ModelReply> AnswerAsync(ModelStep step, JournalHead head, ProviderRequest request)
    {
        // Joined by WaitAsync: of several that await one task directly, all but the last resume on the thread pool, and a simulation could not be
        // replayed.
        var outcome = await paid
            .GetOrCallAsync(step.Runner.Run.Uid, step.Key, () => call.CallAsync(step, head, request, lifetime.ApplicationStopped))
            .WaitAsync(lifetime.ApplicationStopped);
        if (outcome is ProviderOutcome.Superseded superseded
            && await lookup.FindCommittedAsync(step, superseded.Head, lifetime.ApplicationStopped) is { } committed)
        {
            return committed;
        }

        var reply = await commit.CommitAsync(step, AnswerOf(outcome));
        metrics.ModelAnswered(
            new ObjectKey(step.Runner.Run.Namespace, reply.Answer.Endpoint ?? request.Endpoint.Metadata.Name), reply.Answer.Usage);
        return reply;
    }

    private static ProviderOutcome.Answered AnswerOf(ProviderOutcome outcome) => outcome switch
    {
        ProviderOutcome.Answered answered => answered,
        ProviderOutcome.Superseded superseded => throw new JournalException(
            superseded.Head.Finished is null ? ErrorCodes.SequenceConflict : ErrorCodes.RunFinished,
            "the journal went on while the call waited",
            superseded.Head.Sequence),
        ProviderOutcome.RunDeleted => throw GatewayException.NotARunner("the AgentRun has been deleted"),
        ProviderOutcome.TooLong tooLong => throw GatewayException.ContextTooLong(tooLong.Reason, tooLong.Size),
        ProviderOutcome.Rejected rejected => throw GatewayException.ModelRejected(rejected.Reason, rejected.Tools),
        ProviderOutcome.Unavailable unavailable => throw GatewayException.ModelUnavailable(unavailable.Reason, RetrySeconds(outcome)),
        ProviderOutcome.NeedsPerson person => throw GatewayException.ModelUnavailable(person.Reason, RetrySeconds(outcome)),
        _ => throw new UnreachableException(),
    };

    private static int RetrySeconds(ProviderOutcome outcome) => (int)Math.Ceiling(outcome.RetryAfterOrDefault!.Value.TotalSeconds);

    /// <summary>
    /// Sees to a call whose runner hung up. An answer that comes after the next attempt has claimed the run cannot be committed: that attempt finds
    /// it in <see cref="PaidAnswers"/>.
    /// </summary>
    private async Task EndUnheardAsync(RunIdentity run, Task<ModelReply> reply)
    {
        try
        {
            await reply;
        }
        catch (Exception exception) when (exception is JournalException or GatewayException or OperationCanceledException)
        {
            LogUnheard(logger, run.Namespace, run.Name, exception.Message);
        }
        catch (Exception exception)
        {
            LogUnheardDefect(logger, exception, run.Namespace, run.Name);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "A model call of run {Namespace}/{Run}, whose runner hung up, was not committed: {Reason}")]
    private static partial void LogUnheard(ILogger logger, string @namespace, string run, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A model call of run {Namespace}/{Run}, whose runner hung up, failed")]
    private static partial void LogUnheardDefect(ILogger logger, Exception exception, string @namespace, string run);
}
