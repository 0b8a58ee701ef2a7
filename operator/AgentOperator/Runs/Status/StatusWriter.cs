using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s.Autorest;

namespace AgentOperator.Runs.Status;

/// <summary>Writes statuses of runs, and remembers what it wrote.</summary>
internal sealed partial class StatusWriter(
    IObjectClient<AgentRun> client, StatusMemory memory, RunEvents events, TimeProvider time, ILogger<StatusWriter> logger)
{
    /// <summary>Retry interval when the server rejects even the reduced status. Someone has to fix the CRD or the webhook.</summary>
    private static readonly TimeSpan RefusedRetry = TimeSpan.FromMinutes(5);

    /// <summary>Writes a status. If the server rejects it permanently, writes it again without its texts.</summary>
    /// <param name="run">The run as the cache has it.</param>
    /// <param name="status">The status.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="TerminalException">The server rejects the status even without its texts.</exception>
    public async Task<AgentRunStatus> WriteAsync(AgentRun run, AgentRunStatus status, CancellationToken cancellationToken)
    {
        var (written, version) = await ApplyAsync(run, status, cancellationToken);
        memory.Remember(run, written, version, time.GetUtcNow());
        return written;
    }

    private async Task<(AgentRunStatus Written, string Version)> ApplyAsync(AgentRun run, AgentRunStatus status, CancellationToken cancellationToken)
    {
        try
        {
            return (status, await SendAsync(run, status, cancellationToken));
        }
        catch (HttpOperationException exception) when (exception.IsRefusedForGood())
        {
            var plain = PlainStatus.Of(status);
            var version = await ApplyPlainAsync(run, plain, cancellationToken);
            memory.RememberRefused(run, status);
            LogRefused(logger, exception.Summary());
            events.RecordRefusedStatus(run, isShown: true);
            return (plain, version);
        }
    }

    private async Task<string> ApplyPlainAsync(AgentRun run, AgentRunStatus plain, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(run, plain, cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsRefusedForGood())
        {
            events.RecordRefusedStatus(run, isShown: false);

            // No inner exception: it contains the server's response, which may quote the status.
            var message = $"the API server rejects the run's status even without its texts: {exception.Summary()}";
            throw new TerminalException(message) { RetryAfter = RefusedRetry };
        }
    }

    private Task<string> SendAsync(AgentRun run, AgentRunStatus status, CancellationToken cancellationToken) => client.ApplyStatusAsync(
        ObjectKey.Of(run), ApiConstants.FieldManager, Document(run, memory.NewestVersion(run), status), cancellationToken);

    /// <summary>
    /// The UID keeps the status of a deleted run from reaching a new run of the same name. The resource version keeps a former leader from
    /// overwriting its successor's status.
    /// </summary>
    private static JsonElement Document(AgentRun run, string? version, AgentRunStatus status) => JsonSerializer.SerializeToElement(
        new
        {
            apiVersion = ApiConstants.ApiVersion,
            kind = ApiConstants.AgentRunKind,
            metadata = new
            {
                name = run.Metadata.Name,
                @namespace = run.Metadata.NamespaceProperty,
                uid = run.Metadata.Uid,
                resourceVersion = version,
            },
            status,
        },
        ApiJson.Options);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API server rejected the run's status; writing it without its texts: {Refusal}")]
    private static partial void LogRefused(ILogger logger, string refusal);
}
