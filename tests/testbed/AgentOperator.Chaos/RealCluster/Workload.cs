using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Chaos.RealCluster.Machine;
using AgentOperator.Chaos.RealCluster.Programs;
using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster;

/// <summary>Keeps a number of runs working: a new one as one ends.</summary>
internal sealed class Workload(TestCluster cluster, string ns, ClusterProgramGenerator generator, ObjectWatch runs, int atOnce)
{
    /// <summary>So many at a time are applied, so that the first are at work soon.</summary>
    private const int Batch = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly List<ClusterProgram> _programs = [];
    private readonly Lock _gate = new();

    /// <summary>The programs whose runs were applied.</summary>
    public IReadOnlyList<ClusterProgram> Programs
    {
        get
        {
            lock (_gate)
            {
                return [.. _programs];
            }
        }
    }

    /// <summary>Runs that have ended, as far as the API server tells.</summary>
    public int Ended => runs.Objects.Count(IsEnded);

    /// <summary>Runs that have not.</summary>
    public int Working => Programs.Count - Ended;

    /// <summary>The heartbeat timeout of a run.</summary>
    /// <exception cref="InvalidOperationException">The run is not known to be applied: the API server died before it said so.</exception>
    public TimeSpan HeartbeatTimeout(string run) => TimeSpan.FromSeconds(Programs.Single(program => program.Run == run).HeartbeatTimeoutSeconds);

    /// <summary>Makes the namespace with the model's endpoint.</summary>
    public Task CreateNamespaceAsync() => cluster.Kubectl.RunAsync(["apply", "-f", "-"], Manifests.Namespace(ns));

    /// <summary>Applies runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var missing = Math.Min(atOnce - Working, Batch);
            if (missing > 0)
            {
                await TryStartAsync([.. Enumerable.Range(Programs.Count + 1, missing).Select(generator.Generate)]);
            }

            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsEnded(JsonElement run) =>
        run.TryGetProperty("status", out var status) && status.TryGetProperty("phase", out var phase) && Phases.IsTerminal(phase.GetString());

    /// <summary>Applies some runs. What fails because the API server is away is applied again at the next look: it is the same then.</summary>
    private async Task TryStartAsync(IReadOnlyList<ClusterProgram> started)
    {
        try
        {
            foreach (var program in started)
            {
                await cluster.Model.PutScenarioAsync(ProgramManifests.ScenarioName(ns, program), ProgramManifests.Scenario(ns, program));
            }

            var manifests = string.Join("\n---\n", started.Select(program => ProgramManifests.Run(ns, program)));
            if ((await cluster.Kubectl.TryAsync(["apply", "-f", "-"], manifests)).Succeeded)
            {
                lock (_gate)
                {
                    _programs.AddRange(started);
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
        {
            // See above.
        }
    }
}
