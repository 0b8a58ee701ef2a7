namespace AgentOperator.ControlRuntime;

/// <summary>An informer as the controller manager runs it.</summary>
internal interface IRunnableInformer : IInformer
{
    /// <summary>Lists and watches until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
