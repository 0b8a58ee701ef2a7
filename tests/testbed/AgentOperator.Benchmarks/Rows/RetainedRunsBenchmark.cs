using System.Globalization;
using AgentOperator.SimulatedNodes.Runs;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>What runs that have ended cost: memory, processor time, the time of a restart, and the speed of new runs beside them.</summary>
internal sealed class RetainedRunsBenchmark : IBenchmark
{
    private const string Scenario = "retained";
    private const int NewRuns = 200;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>What has become hot while it started is compiled once more, and memory is given back, within this time.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    public IReadOnlyList<string> Figures => ["operator-memory", "operator-cpu", "restart", "scale"];

    public string Description =>
        "finished runs that are kept, each with its journal: resident memory of a restarted operator per run, idle processor time, the time until a "
            + "restarted operator "
        + "has reconciled all, and new runs a second beside them";

    public async IAsyncEnumerable<Figure> RunAsync(BenchmarkSites sites, Arguments arguments, TextWriter progress)
    {
        var plane = await sites.ControlPlaneAsync();
        await using var stage = await Stage.SetUpAsync(plane, "kept", (_, _) => null);
        stage.Script(Scenario, steps: 1);

        // The originals of the copies. The operator's memory beside them is its baseline.
        await RunCreator.CreateAsync(plane, stage.Namespace, "new-0", NewRuns, Scenario);
        await stage.WaitAsync(NewRuns, Deadline);
        await stage.Operator.StopAsync();
        var few = await StartAsync(stage, NewRuns);
        var kept = new FinishedRuns(stage);
        using var etcd = new EtcdStore(plane);
        var ended = NewRuns;
        var states = new List<RetainedState>();
        foreach (var count in arguments.Retained.Order())
        {
            // Stopped, because it would only reconcile each of them.
            await stage.Operator.StopAsync();
            await kept.CreateAsync(count - ended);
            ended = Math.Max(ended, count);
            var store = await etcd.CompactAsync();
            var state = await StartAsync(stage, ended) with { StoreBytes = store };
            var bytes = state.PerRunAfter(few, BytesOf);
            await progress.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"retained {ended}: {state.Bytes / 1024 / 1024} MiB, restart {state.Restart.TotalSeconds:0.0} s, idle {state.IdleShare:P2}, heap "
                    + $"{state.Heap / 1024 / 1024:0} MiB"));
            yield return new Figure($"operator-memory-{count}", bytes / 1024, "KiB/run")
            {
                Goal = Goal.AtMost(6, "KiB/run"),
                Note =
                    $"resident memory of a restarted operator for each run more than {few.Runs}, beside which it has {few.Bytes / 1024 / 1024} MiB; "
                        + $"{state.Bytes / 1024 / 1024} MiB in all; heap after its last collection, garbage since then included, "
                        + $"{state.Heap / 1024 / 1024:0} MiB"
                    + (states.LastOrDefault() is { } smaller
                        ? string.Create(
                            CultureInfo.InvariantCulture, $"; slope from {smaller.Runs}: {bytes / smaller.PerRunAfter(few, BytesOf):0.00}")
                        : ""),
            };
            yield return new Figure($"operator-cpu-{count}", state.IdleShare * 100, "% of a core")
            {
                Goal = Goal.AtMost(1, "% of a core"),
                Target = "below 1 %",
                Note = $"{Idle.TotalSeconds:0} s without work, from {Settle.TotalSeconds:0} s after all were reconciled",
            };
            yield return new Figure($"restart-{count}", state.Restart.TotalSeconds, "s")
            {
                Goal = Goal.AtMost(15, "s"),
                Target = "at most 15 s for 20,000",
                Note = "process start until every run was reconciled",
            };
            states.Add(state);

            var started = TimeProvider.System.GetTimestamp();
            await RunCreator.CreateAsync(plane, stage.Namespace, string.Create(CultureInfo.InvariantCulture, $"new-{count}"), NewRuns, Scenario);
            await stage.WaitAsync(ended += NewRuns, Deadline);
            yield return new Figure($"scale-{count}", NewRuns / TimeProvider.System.GetElapsedTime(started).TotalSeconds, "runs/s")
            {
                Target = "flat",
                Note = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{NewRuns} new runs beside the kept ones; the store had {store / 1024.0 / 1024:0} MiB before, without earlier versions"),
            };
        }

        if (states.Count > 1)
        {
            foreach (var figure in new Extrapolation(states[^2], states[^1]).Figures())
            {
                yield return figure;
            }
        }
    }

    private static double BytesOf(RetainedState state) => state.Bytes;

    private static async Task<RetainedState> StartAsync(Stage stage, int runs)
    {
        var started = TimeProvider.System.GetTimestamp();
        await stage.Operator.StartAgainAsync();
        var process = stage.Operator.Process;
        await process.ReadyAsync();
        await Eventually.TrueAsync($"{runs} runs to be reconciled", async () => IsSettled(await process.MetricsAsync(), runs), Deadline);
        var restart = TimeProvider.System.GetElapsedTime(started);
        await Task.Delay(Settle, TimeProvider.System);
        var (used, since) = (process.ProcessorTime, TimeProvider.System.GetTimestamp());
        await Task.Delay(Idle, TimeProvider.System);
        var share = (process.ProcessorTime - used) / TimeProvider.System.GetElapsedTime(since);
        return new RetainedState(
            runs, process.ResidentBytes, (await process.MetricsAsync()).Sum("dotnet_gc_last_collection_heap_size_bytes"), restart, share);
    }

    private static bool IsSettled(Metrics metrics, int runs) =>
        metrics.Sum("leader_election_master_status") > 0
        && metrics.Sum("controller_runtime_reconcile_total") >= runs
        && metrics.Sum("workqueue_depth") == 0;
}
