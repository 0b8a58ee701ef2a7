using AgentOperator.SimulatedNodes.Runs;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>What a journal append through the gateway takes, beside one raw write of the API server.</summary>
internal sealed class AppendBenchmark : IBenchmark
{
    private const int Pairs = 400;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public IReadOnlyList<string> Figures => ["append-p50", "append-p99"];

    public string Description =>
        "one journal append of 1 KiB through the gateway (TLS, token, fence), beside one PUT of a ConfigMap of the same bytes; one after the other, "
            + "in turns";

    public async IAsyncEnumerable<Figure> RunAsync(BenchmarkSites sites, Arguments arguments, TextWriter progress)
    {
        var plane = await sites.ControlPlaneAsync();
        var (halves, tails, peerHalves, peerTails) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 1; repetition <= arguments.Repetitions; repetition++)
        {
            var workload = new AppendWorkload(Pairs);
            await using var stage = await Stage.SetUpAsync(plane, "append", workload.Bind);
            await RunCreator.CreateAsync(plane, stage.Namespace, "append", 1, "append");
            await Eventually.TrueAsync("the appends to be made", () => Task.FromResult(workload.IsDone), Deadline);
            halves.Add(Statistics.Quantile(workload.Appends, 0.5));
            tails.Add(Statistics.Quantile(workload.Appends, 0.99));
            peerHalves.Add(Statistics.Quantile(workload.RawWrites, 0.5));
            peerTails.Add(Statistics.Quantile(workload.RawWrites, 0.99));
            await progress.WriteLineAsync(
                $"append {repetition}: p50 {Figure.Format(halves[^1])} ms beside {Figure.Format(peerHalves[^1])}, p99 {Figure.Format(tails[^1])} "
                    + $"beside {Figure.Format(peerTails[^1])}");
        }

        var half = Figure.OfMedian("append-p50", halves, "ms", peerHalves);
        yield return half with { Goal = Goal.AtMostOfPeer(1.2), Note = $"{Pairs} pairs in each repetition; the append rewrites the open segment" };
        var tail = Figure.OfMedian("append-p99", tails, "ms", peerTails);
        yield return tail with { Goal = Goal.AtMostOfPeer(2) };
    }
}
