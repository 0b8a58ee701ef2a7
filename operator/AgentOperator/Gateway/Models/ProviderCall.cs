using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Calls a provider through its endpoint's pipeline, with the key that no pod sees.</summary>
internal sealed partial class ProviderCall(
    IJournalStore journal,
    ILister<AgentRun> runs,
    CredentialReader credentials,
    ProviderClient provider,
    EndpointPipelines pipelines,
    EndpointHealth health,
    ChangedKey keys,
    RunBudget budget,
    UnusedCalls unused,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<ProviderCall> logger)
{
    /// <summary>
    /// Calls until there is an answer, a refusal, or no retry left. Nothing is sent while the endpoint is known to be unavailable, when the journal
    /// has gone on since <paramref name="head"/>, or when the run has been deleted. The caller commits the unused calls.
    /// </summary>
    public async Task<ProviderOutcome> CallAsync(ModelStep step, JournalHead head, ProviderRequest request, CancellationToken cancellationToken)
    {
        var (endpoint, model) = (request.Endpoint, request.Request.Model);
        var outage = health.Find(endpoint, model);
        if (outage?.RetryAt > time.GetUtcNow() && !await keys.ReopenAsync(endpoint, outage, cancellationToken))
        {
            return ProviderOutcome.Of(outage, time.GetUtcNow());
        }

        var outcome = await ExecuteAsync(step, head, request, cancellationToken);
        switch (outcome)
        {
            case ProviderOutcome.NeedsPerson { IsOfTheModel: true }:
                await health.ReportAsync(endpoint, EndpointBreaker.OutageOf(outcome, outage, time.GetUtcNow()) with { Model = model });
                break;
            case ProviderOutcome.Answered or ProviderOutcome.TooLong or ProviderOutcome.Rejected:
                // Not waited for: the answer is to be committed.
                _ = health.ReportAvailableAsync(endpoint, model);
                break;
        }

        return outcome;
    }

    private static EndpointOutage? ForAllModels(EndpointOutage? outage) => outage?.Model is null ? outage : null;

    private async Task<ProviderOutcome> ExecuteAsync(
        ModelStep step, JournalHead head, ProviderRequest request, CancellationToken cancellationToken)
    {
        var (endpoint, isUsed) = (request.Endpoint, false);
        var tries = new AnswerTries(usage => unused.Add(step.Runner.Run, endpoint.Metadata.Name, usage));
        try
        {
            var outcome = await ExecuteAsync(step, head, request, tries, cancellationToken);
            if (outcome is ProviderOutcome.Answered { IsWorthAnotherTry: true } && !tries.AreEnough(endpoint.Spec.MaxRetries))
            {
                // Other failures used up the retries.
                return new ProviderOutcome.Unavailable("The model endpoint gave nothing of what its model wrote.");
            }

            isUsed = outcome is ProviderOutcome.Answered;
            return outcome;
        }
        finally
        {
            if (!isUsed)
            {
                tries.Begin();
            }
        }
    }

    private Task<ProviderOutcome> ExecuteAsync(
        ModelStep step, JournalHead head, ProviderRequest request, AnswerTries tries, CancellationToken cancellationToken)
    {
        var (endpoint, model) = (request.Endpoint, request.Request.Model);
        return pipelines.Get(endpoint).ExecuteAsync(
            request.EstimatedTokens,
            new SharedOutage(() => ForAllModels(health.Find(endpoint, model)), found => health.ReportAsync(endpoint, found)),
            async token =>
            {
                tries.Begin();
                var outcome = await SendAsync(step, head, request, token);
                tries.End(outcome);
                return outcome;
            },
            cancellationToken);
    }

    private bool IsDeleted(RunIdentity run) =>
        runs.Get(new ObjectKey(run.Namespace, run.Name))?.Metadata is { } known && (known.Uid != run.Uid || known.DeletionTimestamp is not null);

    private static bool IsSuperseded(ModelStep step, JournalHead head, JournalHead now) =>
        now.ProgressSequence != head.ProgressSequence || now.Epoch > step.Runner.Writer.Epoch || now.Finished is not null;

    /// <summary>
    /// Sends the request with what the endpoint's Secrets hold. What is refused is read again, past the cache, before it is given up: the key may
    /// have been changed, or the Secret may say by now that it may be used.
    /// </summary>
    private async Task<ProviderOutcome> SendAsync(
        ModelStep step, JournalHead head, ProviderRequest request, CancellationToken cancellationToken)
    {
        var known = await credentials.ReadAsync(request.Endpoint, isFresh: false, cancellationToken);
        var outcome = await SendAsync(step, head, request, known, cancellationToken);
        if (outcome is ProviderOutcome.NeedsPerson { Cause: not Reasons.KeyNotFound } && known.Version is not null)
        {
            var newest = await credentials.ReadAsync(request.Endpoint, isFresh: true, cancellationToken);
            outcome = newest.IsSameAs(known) ? outcome : await SendAsync(step, head, request, newest, cancellationToken);
            known = newest;
        }

        return outcome is ProviderOutcome.NeedsPerson person ? person with { SecretVersion = known.Version } : outcome;
    }

    private async Task<ProviderOutcome> SendAsync(
        ModelStep step, JournalHead head, ProviderRequest request, EndpointCredentials sent, CancellationToken cancellationToken)
    {
        if (await LookAsync(step, head, cancellationToken) is { } ended)
        {
            return ended;
        }

        var metadata = request.Endpoint.Metadata;
        var started = time.GetTimestamp();
        var outcome = await provider.CallAsync(
            request with
            {
                OnUnused = usage => unused.Add(step.Runner.Run, metadata.Name, usage), LookAgain = token => LookAsync(step, head, token),
            },
            sent,
            step.Key,
            cancellationToken);
        metrics.ProviderCalled(ObjectKey.Of(request.Endpoint), outcome, time.GetElapsedTime(started));
        switch (outcome)
        {
            case ProviderOutcome.Unavailable unavailable:
                LogUnavailable(logger, metadata.NamespaceProperty, metadata.Name, unavailable.Reason);
                break;
            case ProviderOutcome.NeedsPerson person:
                LogUnavailable(logger, metadata.NamespaceProperty, metadata.Name, person.Reason);
                break;
        }

        return outcome;
    }

    /// <summary>
    /// Looks before every request, retries too: meanwhile, another replica may have committed the step, the next attempt may have taken over, and the
    /// tries before may have used up the budget.
    /// </summary>
    /// <returns>What the call comes to if it must not be sent; null if it may.</returns>
    /// <remarks>Not async: the simulation's judge notes the read in the flow of the caller, which sends.</remarks>
    private Task<ProviderOutcome?> LookAsync(ModelStep step, JournalHead head, CancellationToken cancellationToken) =>
        CheckAsync(step, head, journal.ReadHeadAsync(step.Runner.Run, cancellationToken), cancellationToken);

    private async Task<ProviderOutcome?> CheckAsync(
        ModelStep step, JournalHead head, Task<JournalHead?> reading, CancellationToken cancellationToken)
    {
        var now = await reading;
        if (now is null || IsDeleted(step.Runner.Run))
        {
            return new ProviderOutcome.RunDeleted();
        }

        if (IsSuperseded(step, head, now))
        {
            return new ProviderOutcome.Superseded(now);
        }

        await budget.CheckCachedAsync(step.Runner.Run, now, cancellationToken);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "ModelEndpoint {Namespace}/{Endpoint}: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string @namespace, string endpoint, string reason);
}
