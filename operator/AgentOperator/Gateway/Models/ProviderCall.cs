using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;

namespace AgentOperator.Gateway.Models;

/// <summary>Calls a provider through its endpoint's pipeline, with the key that no pod sees.</summary>
internal sealed partial class ProviderCall(
    IJournalStore journal,
    ILister<AgentRun> runs,
    ISecretReader secrets,
    ProviderClient provider,
    EndpointPipelines pipelines,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<ProviderCall> logger)
{
    private static readonly TimeSpan SecretMissingRetry = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Calls until there is an answer, a refusal, or no retry left. Nothing is sent when the journal has gone on since <paramref name="head"/> or the
    /// run has been deleted.
    /// </summary>
    public async Task<ProviderOutcome> CallAsync(ModelStep step, JournalHead head, ProviderRequest request, CancellationToken cancellationToken)
    {
        var endpoint = request.Endpoint;
        string? key = null;
        if (endpoint.Spec.ApiKeySecretRef is { } reference)
        {
            key = await secrets.ReadAsync(endpoint.Metadata.NamespaceProperty, reference.Name, reference.Key, cancellationToken);
            if (key is null)
            {
                return new ProviderOutcome.Unavailable(
                    $"ModelEndpoint '{endpoint.Metadata.Name}' names Secret '{reference.Name}' key '{reference.Key}', which is not there",
                    SecretMissingRetry);
            }
        }

        return await pipelines.Get(endpoint).ExecuteAsync(
            request.EstimatedTokens,
            async token =>
            {
                // Read before every call, retries too: while this one waited, another replica may have committed the step, or the next attempt may
                // have taken over.
                var now = await journal.ReadHeadAsync(step.Runner.Run, token);
                return now is null || IsDeleted(step.Runner.Run) ? new ProviderOutcome.RunDeleted()
                    : IsSuperseded(step, head, now) ? new ProviderOutcome.Superseded(now)
                    : await SendAsync(step, request, key, token);
            },
            cancellationToken);
    }

    private bool IsDeleted(RunIdentity run) =>
        runs.Get(new ObjectKey(run.Namespace, run.Name))?.Metadata is { } known && (known.Uid != run.Uid || known.DeletionTimestamp is not null);

    private static bool IsSuperseded(ModelStep step, JournalHead head, JournalHead now) =>
        now.ProgressSequence != head.ProgressSequence || now.Epoch > step.Runner.Writer.Epoch || now.Finished is not null;

    private async Task<ProviderOutcome> SendAsync(ModelStep step, ProviderRequest request, string? key, CancellationToken cancellationToken)
    {
        var metadata = request.Endpoint.Metadata;
        var started = time.GetTimestamp();
        var outcome = await provider.CallAsync(
            new Uri(request.Endpoint.Spec.BaseUrl), key, request.Request.Model, step.Key, request.Body, cancellationToken);
        metrics.ProviderCalled(metadata.Name, outcome, time.GetElapsedTime(started));
        if (outcome is ProviderOutcome.Unavailable unavailable)
        {
            LogUnavailable(logger, metadata.NamespaceProperty, metadata.Name, unavailable.Reason);
        }

        return outcome;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "ModelEndpoint {Namespace}/{Endpoint}: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string @namespace, string endpoint, string reason);
}
