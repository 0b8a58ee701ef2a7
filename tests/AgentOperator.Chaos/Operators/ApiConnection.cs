using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;

namespace AgentOperator.Chaos.Operators;

/// <summary>One replica's way to the API server.</summary>
internal sealed class ApiConnection(Simulator simulator, FaultPlan faults, ApiServer server, SimulatedProcess process)
{
    public ApiServer Server => server;

    public SimulatedProcess Process => process;

    public Task<T> ReadAsync<T>(string label, Func<T> read, CancellationToken cancellationToken) =>
        simulator.CallAsync(process, label, faults.Api(write: false), read, ApiErrors.NoAnswer, cancellationToken);

    public Task<T> WriteAsync<T>(string label, Func<T> write, CancellationToken cancellationToken) =>
        simulator.CallAsync(process, label, faults.Api(write: true), write, ApiErrors.NoAnswer, cancellationToken);

    public Task WriteAsync(string label, Action write, CancellationToken cancellationToken) => WriteAsync(
        label,
        () =>
        {
            write();
            return true;
        },
        cancellationToken);

    /// <summary>A call whose missing answer is told by an exception of the caller's own.</summary>
    public Task<T> CallAsync<T>(string label, bool write, Func<T> effect, Func<Exception> lost, CancellationToken cancellationToken) =>
        simulator.CallAsync(process, label, faults.Api(write), effect, lost, cancellationToken);
}
