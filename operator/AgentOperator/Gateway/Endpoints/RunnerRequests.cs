using System.Globalization;
using AgentOperator.Gateway.Identity;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>What surrounds every endpoint: checks the runner's token, and turns each failure into an answer, a log line and a metric.</summary>
internal sealed partial class RunnerRequests(
    RunnerAuthenticator authenticator, GatewayMetrics metrics, IHostApplicationLifetime lifetime, ILogger<RunnerRequests> logger)
{
    private const int DefectRetrySeconds = 5;

    public async Task ServeAsync(HttpContext context, IGatewayEndpoint endpoint)
    {
        var correlationId = CorrelationId.Of(context.Request);
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new("correlationId", correlationId) });
        if (lifetime.ApplicationStopping.IsCancellationRequested && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            // The runner's next request opens a connection to another replica.
            context.Response.Headers.Connection = "close";
        }

        try
        {
            var (runner, run) = await authenticator.AuthenticateAsync(context.Request, context.RequestAborted);
            await endpoint.HandleAsync(context, runner, run);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The runner hung up: nobody waits for an answer.
        }
        catch (Exception exception)
        {
            await RefuseAsync(context, ErrorOf(exception, endpoint.Path, correlationId));
        }
    }

    private ProtocolError ErrorOf(Exception exception, string path, string correlationId)
    {
        if (ErrorMapping.ToError(exception) is { } error)
        {
            LogRefused(logger, path, error.Code, error.Detail);
            return error;
        }

        LogDefect(logger, exception, path);
        return new ProtocolError
        {
            Status = StatusCodes.Status500InternalServerError,
            Code = ErrorCodes.InternalError,
            Detail = $"The gateway failed. Its log says more under the correlation id {correlationId}.",
            RetryAfterSeconds = DefectRetrySeconds,
        };
    }

    private Task RefuseAsync(HttpContext context, ProtocolError error)
    {
        metrics.Refused(error.Code);
        if (context.Response.HasStarted)
        {
            return Task.CompletedTask;
        }

        if (error.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return context.WriteAsync(error, ProtocolJson.Default.ProtocolError, error.Status, "application/problem+json");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Gateway path {Path} failed")]
    private static partial void LogDefect(ILogger logger, Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Gateway path {Path} refused: {Code}: {Detail}")]
    private static partial void LogRefused(ILogger logger, string path, string code, string detail);
}
