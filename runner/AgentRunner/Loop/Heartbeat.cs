using AgentOperator.Protocol;
using AgentRunner.Gateway;
using Microsoft.Extensions.Logging;

namespace AgentRunner.Loop;

/// <summary>
/// Sends heartbeats in parallel to the loop, also during long tools and model calls, and follows the directives and the limits that come back.
/// </summary>
internal sealed partial class Heartbeat(
    IGateway gateway, Progress progress, CurrentLimits limits, StopSignal stop, TimeSpan interval, TimeProvider time, ILogger<Heartbeat> logger)
{
    /// <summary>Runs until it is cancelled or the attempt is aborted.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                await BeatAsync(cancellationToken);
            }
            while (stop.Fatal is null && await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var report = progress.Current;
        try
        {
            var answer = await gateway.HeartbeatAsync(new HeartbeatRequest(report.Step, report.Message), cancellationToken);
            if (answer.Terms is { } terms)
            {
                limits.Update(terms);
            }

            if (answer.Directive == HeartbeatDirective.Stop)
            {
                stop.Request(answer.Reason ?? "the operator asked to stop");
            }
        }
        catch (GatewayException exception) when (exception.Code is ErrorCodes.StaleEpoch or ErrorCodes.RunFinished)
        {
            stop.Abort(exception);
        }
        catch (GatewayException exception)
        {
            LogMissed(exception.Status, exception.Code);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "heartbeat not accepted: status {Status} {Code:l}")]
    private partial void LogMissed(int status, string code);
}
