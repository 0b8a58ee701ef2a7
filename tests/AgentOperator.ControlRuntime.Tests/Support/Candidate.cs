using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>One process that takes part in an election, with a clock of its own unless one is given.</summary>
internal sealed class Candidate : IAsyncDisposable
{
    public const string Resource = "apis/coordination.k8s.io/v1/leases";

    private readonly ControlRuntimeMetrics _metrics = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IKubernetes _client;

    public Candidate(FakeApiServer server, string identity, FakeTimeProvider time)
    {
        _client = server.CreateClient();
        var settings = new LeaderElectionSettings(
            new ObjectKey("system", "lease"), identity, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));
        Election = new LeaderElection(
            new LeaseLock(_client, settings, time), settings, time, () => 0.5, _metrics, NullLogger<LeaderElection>.Instance);
        Election.Changed += (_, leads) => Changes.Add(leads);
        Outcome = Election.RunAsync(LeadAsync, _stop.Token);
    }

    public LeaderElection Election { get; }

    public List<bool> Changes { get; } = [];

    public Task<LeaderOutcome> Outcome { get; }

    /// <summary>Holds the work after a stop, as reconciles that drain do.</summary>
    public TaskCompletionSource? Draining { get; set; }

    public bool WorkIsRunning { get; private set; }

    public Task StopAsync() => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Draining?.TrySetResult();
        await Outcome.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        _stop.Dispose();
        _client.Dispose();
        _metrics.Dispose();
    }

    private async Task LeadAsync(CancellationToken lost)
    {
        WorkIsRunning = true;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, _stop.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!lost.IsCancellationRequested && Draining is { } draining)
        {
            await draining.Task;
        }

        WorkIsRunning = false;
    }
}
