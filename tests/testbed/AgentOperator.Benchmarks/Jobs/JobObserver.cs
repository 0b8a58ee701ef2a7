using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AgentOperator.SimulatedNodes.Runs;

namespace AgentOperator.Benchmarks.Jobs;

/// <summary>Creates Jobs as runs are created, and watches them to their end.</summary>
internal sealed class JobObserver : IAsyncDisposable
{
    private const int Parallel = 16;

    private readonly ConcurrentDictionary<string, bool> _completed = new();
    private readonly string _path;
    private readonly ObjectWatch _watch;

    public JobObserver(LocalControlPlane plane, string namespaceName)
    {
        _path = $"apis/batch/v1/namespaces/{namespaceName}/jobs";
        _watch = new ObjectWatch(plane, _path, See);
    }

    public Task CreateAsync(int count) => ParallelTasks.RunAsync(
        count,
        Parallel,
        async number => await _watch.Api.WriteAsync(HttpMethod.Post, _path, Encoding.UTF8.GetBytes(Job(number)), CancellationToken.None));

    /// <summary>Waits until that many are complete.</summary>
    public Task WaitAsync(int jobs, TimeSpan deadline) =>
        Eventually.TrueAsync($"{jobs} Jobs to complete", () => Task.FromResult(_completed.Count >= jobs), deadline);

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private void See(Watched watched)
    {
        if (watched.Object.TryGetProperty("status", out var status) && status.TryGetProperty("completionTime", out _))
        {
            _completed[watched.Object.GetProperty("metadata").GetProperty("name").GetString()!] = true;
        }
    }

    private static string Job(int number) => string.Create(CultureInfo.InvariantCulture, $$$$$"""
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"job-{{{{{number:0000}}}}}"},
        "spec":{"backoffLimit":0,"template":{"spec":{"restartPolicy":"Never",
        "automountServiceAccountToken":false,"containers":[{"name":"job","image":"agentoperator/runner:simulated"}]}}}}
        """);
}
