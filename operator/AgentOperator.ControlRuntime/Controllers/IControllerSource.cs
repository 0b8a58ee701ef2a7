namespace AgentOperator.ControlRuntime;

/// <summary>Feeds a controller's queue.</summary>
internal interface IControllerSource
{
    /// <summary>Starts to queue keys.</summary>
    /// <param name="enqueue">Takes a key, and whether it comes from an initial list.</param>
    /// <returns>Ends the feeding when disposed.</returns>
    IDisposable Start(Action<ObjectKey, bool> enqueue);

    /// <summary>Waits until reconciles may rely on this source: its cache, when it has one, holds its first complete list.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the source is ready.</returns>
    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
