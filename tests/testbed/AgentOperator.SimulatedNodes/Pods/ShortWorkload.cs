namespace AgentOperator.SimulatedNodes.Pods;

/// <summary>A container that ends as soon as it runs: the least that a Job's pod can do.</summary>
internal sealed class ShortWorkload : IWorkload
{
    public Task<ContainerExit> RunAsync(ObservedPod pod, CancellationToken cancellationToken) => Task.FromResult(ContainerExit.Completed);
}
