using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Chaos.Operators;

/// <summary>One replica's way to the API server, whose answers set its clock right.</summary>
internal sealed class ApiConnection
{
    private readonly Simulator _simulator;
    private readonly FaultPlan _faults;
    private readonly ServerClock _clock;

    public ApiConnection(Simulator simulator, FaultPlan faults, ApiServer server, SimulatedProcess process, ServerClock clock)
    {
        (_simulator, _faults, Server, Process, _clock) = (simulator, faults, server, process, clock);

        // The lists that fill the caches come before everything else.
        Observe(Process.Time.GetUtcNow());
    }

    public ApiServer Server { get; }

    public SimulatedProcess Process { get; }

    public Task<T> ReadAsync<T>(string label, Func<T> read, CancellationToken cancellationToken) =>
        CallAsync(label, write: false, read, ApiErrors.NoAnswer, cancellationToken);

    public Task<T> WriteAsync<T>(string label, Func<T> write, CancellationToken cancellationToken) =>
        CallAsync(label, write: true, write, ApiErrors.NoAnswer, cancellationToken);

    public Task WriteAsync(string label, Action write, CancellationToken cancellationToken) => WriteAsync(
        label,
        () =>
        {
            write();
            return true;
        },
        cancellationToken);

    /// <summary>A call whose missing answer is told by an exception of the caller's own.</summary>
    public async Task<T> CallAsync<T>(string label, bool write, Func<T> effect, Func<Exception> lost, CancellationToken cancellationToken)
    {
        var asked = Process.Time.GetUtcNow();
        var answer = await _simulator.CallAsync(Process, label, _faults.Api(write), effect, lost, cancellationToken);
        Observe(asked);
        return answer;
    }

    private void Observe(DateTimeOffset asked) =>
        _clock.Observe(new DateTimeOffset(Server.Timestamp, TimeSpan.Zero), asked, Process.Time.GetUtcNow());
}
