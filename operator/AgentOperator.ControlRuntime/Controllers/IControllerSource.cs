namespace AgentOperator.ControlRuntime;

/// <summary>Feeds a controller's queue from one informer.</summary>
internal interface IControllerSource
{
    /// <summary>The cache that must be in sync before workers start.</summary>
    IInformer Informer { get; }

    /// <summary>Starts to queue keys.</summary>
    /// <param name="enqueue">Takes a key, and whether it comes from the initial list.</param>
    /// <returns>Ends the feeding when disposed.</returns>
    IDisposable Start(Action<ObjectKey, bool> enqueue);
}
