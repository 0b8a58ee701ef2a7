using AgentOperator.Chaos.Engine;
using AgentOperator.ControlRuntime;
using AgentOperator.Hosting;

namespace AgentOperator.Chaos.Operators;

/// <summary>Runs the replica's controllers while it believes that it leads. What the host does by a lease is told to it from outside.</summary>
/// <param name="simulator">The simulator.</param>
/// <param name="process">The replica.</param>
/// <param name="controllers">In the order in which the operator registers them.</param>
internal sealed class ReplicaController(Simulator simulator, SimulatedProcess process, IReadOnlyList<Controller> controllers)
{
    /// <summary>As many as there are runs: none waits for another.</summary>
    public const int RunWorkers = 2;

    private static readonly IReadOnlyList<int> Workers = [AgentOperatorExtensions.EndpointWorkers, RunWorkers];

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
        await Task.WhenAll(controllers.Zip(Workers, (controller, workers) => RunAsync(controller, workers, lost)));
    }

    private async Task RunAsync(Controller controller, int workers, CancellationToken lost)
    {
        // In an event of its own: workers begin on the thread pool, and those of one event in any order.
        var turn = new TaskCompletionSource();
        simulator.After(TimeSpan.Zero, process, null, turn.SetResult);
        await turn.Task;
        if (!lost.IsCancellationRequested)
        {
            simulator.ExpectOnPool(workers);
            await controller.RunAsync(lost, lost);
        }
    }
}
