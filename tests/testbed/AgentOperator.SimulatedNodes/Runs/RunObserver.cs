using System.Collections.Concurrent;
using System.Text.Json;
using AgentOperator.SimulatedNodes.Cluster;

namespace AgentOperator.SimulatedNodes.Runs;

/// <summary>Watches the runs of a namespace, as a user would, and remembers each phase it sees.</summary>
internal sealed class RunObserver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SeenRun> _runs = new();
    private readonly ObjectWatch _watch;
    private int _ended;

    public RunObserver(LocalControlPlane plane, string namespaceName) => _watch = new ObjectWatch(
        plane, $"apis/{ApiConstants.Group}/{ApiConstants.Version}/namespaces/{namespaceName}/{ApiConstants.AgentRunPlural}", See);

    /// <summary>All runs that were seen.</summary>
    public IReadOnlyList<SeenRun> Runs => [.. _runs.Values];

    /// <summary>How many are in a terminal phase.</summary>
    public int Ended => Volatile.Read(ref _ended);

    /// <summary>Waits until that many runs have ended.</summary>
    /// <exception cref="TimeoutException">They did not within the deadline; the message tells of those that did not.</exception>
    public async Task WaitAsync(int runs, TimeSpan deadline)
    {
        try
        {
            await Eventually.TrueAsync($"{runs} runs to end", () => Task.FromResult(Ended >= runs), deadline);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} {Describe()}", exception);
        }
    }

    /// <summary>How many runs are in each phase, and some of those that have not ended.</summary>
    public string Describe()
    {
        var runs = Runs;
        var phases = runs.GroupBy(run => run.Status?.Phase ?? "no status").OrderByDescending(phase => phase.Count())
            .Select(phase => $"{phase.Key} {phase.Count()}");
        var open = runs.Where(run => !run.IsTerminal).Take(5).Select(run => run.ToString());
        return string.Join(Environment.NewLine, [$"Runs: {string.Join(", ", phases)}.", .. open]);
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private void See(Watched watched)
    {
        if (watched.Type == "DELETED")
        {
            return;
        }

        var name = watched.Object.GetProperty("metadata").GetProperty("name").GetString()!;
        var run = _runs.GetOrAdd(name, added => new SeenRun(added));
        var wasTerminal = run.IsTerminal;
        run.See(watched.Object.TryGetProperty("status", out var status) ? status.Deserialize<AgentRunStatus>(ApiJson.Options) : null);
        Interlocked.Add(ref _ended, (run.IsTerminal ? 1 : 0) - (wasTerminal ? 1 : 0));
    }
}
