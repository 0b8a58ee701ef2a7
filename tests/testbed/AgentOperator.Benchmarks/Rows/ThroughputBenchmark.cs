using System.Globalization;
using AgentOperator.Benchmarks.Jobs;
using AgentOperator.SimulatedNodes.Pods;
using AgentOperator.SimulatedNodes.Runs;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>How many runs a second go from their creation to their end, beside Jobs that do nothing; and what they write.</summary>
internal sealed class ThroughputBenchmark : IBenchmark
{
    private const string Scenario = "throughput";
    private static readonly TimeSpan EventsPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    public IReadOnlyList<string> Figures => ["throughput", "throughput-unthrottled", "api-writes", "journal-writes"];

    public string Description =>
        "AgentRuns with one model call, created at once, until all have ended; beside as many Jobs of the in-tree controller whose pods end at once, "
        + "on the same control plane and simulated nodes: as the controller comes (20 calls a second), and with its throttle lifted";

    public async IAsyncEnumerable<Figure> RunAsync(BenchmarkSites sites, Arguments arguments, TextWriter progress)
    {
        var plane = await sites.ControlPlaneAsync();
        var (runs, jobs, freeJobs) = (new List<double>(), new List<double>(), new List<double>());
        var (writes, journal, events) = (new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 1; repetition <= arguments.Repetitions; repetition++)
        {
            var (rate, calls, recorded) = await RunsAsync(plane, arguments.Runs);
            runs.Add(rate);
            writes.Add((calls.Count(call => call.IsOperatorWrite && call.Resource != "events") + recorded) / arguments.Runs);
            events.Add(recorded / arguments.Runs);
            journal.Add(calls.Count(call => call.IsJournalWrite) / (double)arguments.Runs);
            await progress.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"throughput {repetition}: {rate:0.0} runs/s{Environment.NewLine}{calls}"));

            // With its throttle, the Job controller takes many minutes for two thousand Jobs, always about the same time. Once is enough.
            if (repetition == 1)
            {
                jobs.Add(await JobsAsync(plane, Math.Min(arguments.Runs, ThrottledJobs)));
                await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"throughput {repetition}: {jobs[^1]:0.0} Jobs/s"));
                await plane.LiftThrottleAsync();
            }

            freeJobs.Add(await JobsAsync(plane, arguments.Runs));
            await progress.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"throughput {repetition}: {freeJobs[^1]:0.0} Jobs/s without the throttle"));
        }

        var throttled = Figure.OfMedian("throughput", runs, "runs/s", jobs);
        yield return throttled with
        {
            Goal = Goal.AtLeastOfPeer(1), Target = "at least 1x the Jobs' rate",
            Note = $"{arguments.Runs} runs; the Job controller as it comes, {Math.Min(arguments.Runs, ThrottledJobs)} Jobs, once",
        };
        var free = Figure.OfMedian("throughput-unthrottled", runs, "runs/s", freeJobs);
        yield return free with
        {
            Goal = Goal.AtLeastOfPeer(1),
            Target = "at least 1x the Jobs' rate",
            Note = "the Job controller without its throttle",
        };
        var written = Figure.OfMedian("api-writes", writes, "writes/run");
        yield return written with
        {
            Goal = Goal.AtMost(5, "writes/run"),
            Note =
                $"statuses, pods, heartbeats and Events ({string.Join(", ", events.Select(Figure.Format))} a run); without the journal and reviews "
                    + $"of tokens",
        };
        yield return Figure.OfMedian("journal-writes", journal, "writes/run") with { Note = "start, claim, one model answer, end" };
    }

    private const int ThrottledJobs = 400;

    private static async Task<(double Rate, ApiCalls Calls, double Events)> RunsAsync(LocalControlPlane plane, int count)
    {
        await using var stage = await Stage.SetUpAsync(plane, "runs", (_, _) => null);
        stage.Script(Scenario, steps: 1);
        var before = await ApiCalls.ReadAsync(stage.Api);
        var started = TimeProvider.System.GetTimestamp();
        await RunCreator.CreateAsync(plane, stage.Namespace, "run", count, Scenario);
        await stage.WaitAsync(count, Deadline);
        var rate = count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await EventsWrittenAsync(stage);

        // The operator's own count, because others write Events too. It includes dropped Events, or a busy operator would look thrifty.
        var events = (await stage.Operator.Process.MetricsAsync()).Sum("event_recorder_events_total");
        return (rate, (await ApiCalls.ReadAsync(stage.Api)).Since(before), events);
    }

    /// <summary>Waits until the operator writes no more Events: they come after what they tell of.</summary>
    private static Task EventsWrittenAsync(Stage stage)
    {
        var seen = -1.0;
        return Eventually.TrueAsync(
            "the Events to be written",
            async () =>
            {
                await Task.Delay(EventsPause, TimeProvider.System);
                var before = seen;
                seen = (await stage.Operator.Process.MetricsAsync()).Sum("event_recorder_events_total");
                return seen == before;
            },
            Deadline);
    }

    private static async Task<double> JobsAsync(LocalControlPlane plane, int count)
    {
        var name = $"jobs-{Guid.NewGuid():N}"[..11];
        await plane.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");
        await using var nodes = await NodeSimulation.StartAsync(plane, name, new ShortWorkload());
        await using var jobs = new JobObserver(plane, name);
        var started = TimeProvider.System.GetTimestamp();
        await jobs.CreateAsync(count);
        await jobs.WaitAsync(count, Deadline);
        var rate = count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await plane.Kubectl.RunAsync(["delete", "namespace", name, "--wait=false"]);
        return rate;
    }
}
