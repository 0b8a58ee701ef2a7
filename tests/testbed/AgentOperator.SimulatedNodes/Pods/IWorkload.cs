namespace AgentOperator.SimulatedNodes.Pods;

/// <summary>What a pod's container does.</summary>
internal interface IWorkload
{
    /// <summary>Runs it.</summary>
    /// <param name="pod">The pod, bound and running.</param>
    /// <param name="cancellationToken">The pod is being deleted: the container is killed.</param>
    /// <returns>How it ended.</returns>
    Task<ContainerExit> RunAsync(ObservedPod pod, CancellationToken cancellationToken);
}
