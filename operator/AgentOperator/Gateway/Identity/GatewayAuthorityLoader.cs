using AgentOperator.ControlRuntime;
using k8s.Autorest;

namespace AgentOperator.Gateway.Identity;

/// <summary>Loads the gateway's authority before anything listens or reconciles; waits for an API server that does not answer yet.</summary>
internal sealed partial class GatewayAuthorityLoader(GatewayAuthority authority, TimeProvider time, ILogger<GatewayAuthorityLoader> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await authority.LoadAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpOperationException)
            {
                LogWaiting(logger, exception is HttpOperationException http ? http.Summary() : exception.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway's authority cannot be loaded yet: {Error}")]
    private static partial void LogWaiting(ILogger logger, string error);
}
