using System.Diagnostics;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Peers;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Serves a runner's model call: answers from the journal what was answered before, else calls the provider with the key that the pod never
/// sees, and commits the answer before it returns it.
/// </summary>
internal sealed partial class ModelProxy(
    IJournalStore journal,
    ILister<ModelEndpoint> endpoints,
    ISecretReader secrets,
    ProviderClient provider,
    EndpointPipelines pipelines,
    PaidAnswers paid,
    IGatewayPeers peers,
    GatewayMetrics metrics,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ModelProxy> logger)
{
    private const int EndpointMissingRetrySeconds = 10;
    private const int UnavailableRetrySeconds = 5;
    private const int CommitTries = 8;

    /// <summary>The answer, the sequence it is committed at, and whether it was found rather than made.</summary>
    public async Task<ModelReply> CompleteAsync(
        RunnerIdentity runner,
        AgentRun run,
        string authorization,
        string stepKey,
        long expectedSequence,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        // The store is asked before a call is sent. Until then what is known here will do, when it is what the runner knows.
        var head = journal.KnownHead(runner.Run) is { } known && IsOf(known, runner, expectedSequence)
            ? known
            : await journal.ReadHeadAsync(runner.Run, cancellationToken) ?? throw new JournalException(ErrorCodes.EpochNotClaimed, "the run has no journal yet");
        JournalRules.CheckWriter(head, runner.Writer);
        if (head.Sequence != expectedSequence)
        {
            return await FindAsync(runner.Run, head, stepKey, expectedSequence, cancellationToken)
                ?? throw new JournalException(ErrorCodes.SequenceConflict, $"the journal's head is at {head.Sequence}, not at {expectedSequence}", head.Sequence);
        }

        JournalRules.CheckOpen(head);
        var request = ModelRequest.Parse(body);
        if (request.Model != run.Spec.Model.Name)
        {
            throw GatewayException.Invalid($"model: the run's model is '{run.Spec.Model.Name}'");
        }

        CheckBudget(run, head);
        if (MayBeUnderWayElsewhere(runner, head, stepKey) && await peers.HaveCommittedAsync(authorization, stepKey, expectedSequence, cancellationToken)
            && await journal.ReadHeadAsync(runner.Run, cancellationToken) is { } after
            && await FindAsync(runner.Run, after, stepKey, expectedSequence, cancellationToken) is { } elsewhere)
        {
            return elsewhere;
        }

        var endpoint = EndpointOf(run);

        // Not bound to the connection: an answer that is under way is paid, and is committed whether or not the runner lives to see it.
        var reply = AnswerAsync(runner, head, endpoint, request, stepKey, expectedSequence, body);
        try
        {
            return await reply.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = EndUnheardAsync(runner.Run, reply);
            throw;
        }
    }

    /// <summary>
    /// For another replica that a runner asked: commits the step's answer under that runner's epoch, if the call was made here.
    /// </summary>
    /// <returns>False when there is nothing of that step here.</returns>
    public async Task<bool> CommitForPeerAsync(RunnerIdentity runner, string stepKey, long expectedSequence, CancellationToken cancellationToken)
    {
        if (paid.Find(runner.Run.Uid, stepKey) is not { } call || await call.WaitAsync(cancellationToken) is not ProviderOutcome.Answered answered)
        {
            return false;
        }

        await CommitAsync(runner, stepKey, expectedSequence, answered.Answer, lifetime.ApplicationStopped);
        return true;
    }

    /// <summary>Whether this is the head that a runner knows, and it is the owner.</summary>
    private static bool IsOf(JournalHead head, RunnerIdentity runner, long expectedSequence) =>
        head.Finished is null && head.Sequence == expectedSequence && head.Epoch == runner.Writer.Epoch && head.PodUid == runner.Writer.PodUid;

    /// <summary>Makes the step's call, or joins it, and commits its answer.</summary>
    private async Task<ModelReply> AnswerAsync(
        RunnerIdentity runner,
        JournalHead head,
        ModelEndpoint endpoint,
        ModelRequest request,
        string stepKey,
        long expectedSequence,
        ReadOnlyMemory<byte> body)
    {
        ProviderOutcome outcome;
        do
        {
            // Joined by WaitAsync: of several that await one task directly all but the last are resumed on the thread pool, and a simulation could not be replayed.
            outcome = await paid.GetOrCallAsync(
                runner.Run.Uid, stepKey, () => CallAsync(runner, head, endpoint, request, stepKey, body, lifetime.ApplicationStopped)).WaitAsync(lifetime.ApplicationStopped);
        }
        while (outcome is ProviderOutcome.Superseded given && IsOf(given.Head, runner, expectedSequence)); // By this very attempt: it joined the unsent call of the one before.

        var answer = outcome switch
        {
            ProviderOutcome.Answered answered => answered.Answer,
            ProviderOutcome.Superseded superseded => throw new JournalException(
                superseded.Head.Finished is null ? ErrorCodes.SequenceConflict : ErrorCodes.RunFinished,
                "the journal went on while the call waited", superseded.Head.Sequence),
            ProviderOutcome.Rejected rejected => throw GatewayException.ModelRejected(rejected.Reason),
            ProviderOutcome.Unavailable unavailable => throw GatewayException.ModelUnavailable(
                unavailable.Reason, (int)Math.Ceiling(unavailable.RetryAfter?.TotalSeconds ?? UnavailableRetrySeconds)),
            _ => throw new UnreachableException(),
        };

        await CommitAsync(runner, stepKey, expectedSequence, answer, lifetime.ApplicationStopped);
        metrics.ModelAnswered(endpoint.Metadata.Name, answer.Usage);

        // Where it is committed; the head may be further on by now, when this was the second of two equal requests.
        return new ModelReply(answer, expectedSequence + 1, Replayed: false);
    }

    /// <summary>
    /// Sees to a call whose runner hung up. An answer that comes after the next attempt has the run cannot be committed: that attempt finds it in <see cref="PaidAnswers"/>.
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

    /// <summary>
    /// A new attempt asks for a step of which nothing is committed yet: the attempt before it may have been lost while another replica's call was under way.
    /// </summary>
    private bool MayBeUnderWayElsewhere(RunnerIdentity runner, JournalHead head, string stepKey) =>
        runner.Writer.Epoch > 1 && head.ProgressSequence < head.Sequence && paid.Find(runner.Run.Uid, stepKey) is null;

    private ModelEndpoint EndpointOf(AgentRun run)
    {
        var (name, space) = (run.Spec.Model.EndpointRef.Name, run.Metadata.NamespaceProperty);
        var endpoint = endpoints.Get(new ObjectKey(space, name));
        return EndpointProblem.Find(endpoint, name, space) is { } problem
            ? throw GatewayException.ModelUnavailable(problem.Message, EndpointMissingRetrySeconds)
            : endpoint!;
    }

    private static void CheckBudget(AgentRun run, JournalHead head)
    {
        var limits = run.Spec.Limits;
        if (head.Steps >= limits.MaxSteps)
        {
            throw GatewayException.BudgetExhausted($"the run has used its {limits.MaxSteps} steps (spec.limits.maxSteps)");
        }

        if (head.Usage.Total >= limits.MaxTokens)
        {
            throw GatewayException.BudgetExhausted($"the run has used {head.Usage.Total} of its {limits.MaxTokens} tokens (spec.limits.maxTokens)");
        }
    }

    /// <summary>The step's answer when it is the first record after what the runner knows: its earlier reply was lost on the way.</summary>
    private async Task<ModelReply?> FindAsync(
        RunIdentity run, JournalHead head, string stepKey, long expectedSequence, CancellationToken cancellationToken)
    {
        if (expectedSequence > head.Sequence)
        {
            return null;
        }

        var page = await journal.ReadAsync(run, expectedSequence, maxBytes: 1, cancellationToken);
        return page.Records is [{ Kind: RecordKinds.ModelAnswer } record] && record.StepKey == stepKey
            ? new ModelReply(JournalRules.Read(record, ProtocolJson.Default.ModelAnswerPayload), record.Sequence, Replayed: true)
            : null;
    }

    private async Task<ProviderOutcome> CallAsync(
        RunnerIdentity runner, JournalHead head, ModelEndpoint endpoint, ModelRequest request, string stepKey, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        string? key = null;
        if (endpoint.Spec.ApiKeySecretRef is { } reference)
        {
            key = await secrets.ReadAsync(endpoint.Metadata.NamespaceProperty, reference.Name, reference.Key, cancellationToken);
            if (key is null)
            {
                return new ProviderOutcome.Unavailable(
                    $"ModelEndpoint '{endpoint.Metadata.Name}' names Secret '{reference.Name}' key '{reference.Key}', which is not there",
                    TimeSpan.FromSeconds(EndpointMissingRetrySeconds));
            }
        }

        var url = new Uri(endpoint.Spec.BaseUrl);
        var estimate = (int)Math.Min(int.MaxValue / 2, (body.Length / 4L) + (request.MaxOutputTokens ?? 1024));
        return await pipelines.Get(endpoint).ExecuteAsync(
            estimate,
            async token =>
            {
                // Asked before every call, retries too: limits, pauses and other replicas take time, in which another replica may have committed the step or the
                // next attempt have taken over.
                if (await journal.ReadHeadAsync(runner.Run, token) is { } now
                    && (now.ProgressSequence != head.ProgressSequence || now.Epoch > runner.Writer.Epoch || now.Finished is not null))
                {
                    return new ProviderOutcome.Superseded(now);
                }

                var started = time.GetTimestamp();
                var outcome = await provider.CallAsync(url, key, request.Model, stepKey, body, token);
                metrics.ProviderCalled(endpoint.Metadata.Name, outcome, time.GetElapsedTime(started));
                if (outcome is ProviderOutcome.Unavailable unavailable)
                {
                    LogUnavailable(logger, endpoint.Metadata.NamespaceProperty, endpoint.Metadata.Name, unavailable.Reason);
                }

                return outcome;
            },
            cancellationToken);
    }

    /// <summary>
    /// Commits a paid answer. A store that does not answer is asked for a good while. When the epoch is over, the answer stays with
    /// <see cref="PaidAnswers"/> for the attempt that follows.
    /// </summary>
    private async Task<JournalHead> CommitAsync(
        RunnerIdentity runner, string stepKey, long expectedSequence, ModelAnswerPayload answer, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.SerializeToElement(answer, ProtocolJson.Default.ModelAnswerPayload);
        for (var tried = 1; ; tried++)
        {
            try
            {
                var head = await journal.AppendAsync(
                    runner.Run, runner.Writer, expectedSequence, [new NewRecord(RecordKinds.ModelAnswer, payload, stepKey)], cancellationToken);
                paid.Committed(runner.Run.Uid, stepKey);
                return head;
            }
            catch (JournalException exception) when (exception.Code == ErrorCodes.JournalUnavailable && tried < CommitTries)
            {
                LogCommitWaits(logger, runner.Run.Namespace, runner.Run.Name, tried);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(tried, 5)), time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "ModelEndpoint {Namespace}/{Endpoint}: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string @namespace, string endpoint, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A model call of run {Namespace}/{Run}, whose runner hung up, was not committed: {Reason}")]
    private static partial void LogUnheard(ILogger logger, string @namespace, string run, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A model call of run {Namespace}/{Run}, whose runner hung up, failed")]
    private static partial void LogUnheardDefect(ILogger logger, Exception exception, string @namespace, string run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A paid answer of run {Namespace}/{Run} waits for the journal's store (try {Tried})")]
    private static partial void LogCommitWaits(ILogger logger, string @namespace, string run, int tried);
}
