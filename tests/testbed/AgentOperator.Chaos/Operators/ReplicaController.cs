using AgentOperator.Chaos.Engine;
using AgentOperator.ControlRuntime;
using AgentOperator.Hosting;

namespace AgentOperator.Chaos.Operators;

/// <summary>Runs the replica's controllers while it believes that it leads. What the host does by a lease is told to it from outside.</summary>
internal sealed class ReplicaController(Simulator simulator, IReadOnlyList<Controller> controllers)
{
    /// <summary>As many as there are runs: none waits for another.</summary>
    public const int RunWorkers = 2;

    private CancellationTokenSource? _leadership;
    private Task _running = Task.CompletedTask;

    public void StartLeading()
    {
        if (_leadership is null)
        {
            _leadership = new CancellationTokenSource();
            simulator.Watch(_running = LeadAsync(_running, _leadership.Token), "a controller");
        }
    }

    /// <summary>Cancels what is under way, as the loss of the lease does.</summary>
    public void StopLeading() => Interlocked.Exchange(ref _leadership, null)?.Cancel();

    private async Task LeadAsync(Task before, CancellationToken lost)
    {
        await before;
        if (!lost.IsCancellationRequested)
        {
            // Each worker begins on the thread pool.
            simulator.ExpectOnPool(RunWorkers + AgentOperatorExtensions.EndpointWorkers);
            await Task.WhenAll(controllers.Select(controller => controller.RunAsync(lost, lost)));
        }
    }
}
