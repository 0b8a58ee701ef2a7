using System.Globalization;
using AgentOperator.Benchmarks.Nodes;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>What kills cost a long run beside the starts of pods: replayed journals, tools that run again, repeated model calls.</summary>
internal sealed class OverheadBenchmark : IBenchmark
{
    private const int Every = 20;

    public IReadOnlyList<string> Figures => ["overhead", "overhead-repeated-calls"];

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"on a real node: a run of {StruckRun.Steps} steps whose agent is killed every {Every} steps, without the starts of its pods, beside the "
            + $"same run without kills");

    public async IAsyncEnumerable<Figure> RunAsync(BenchmarkSites sites, Arguments arguments, TextWriter progress)
    {
        await using var place = await NodeNamespace.CreateAsync(await sites.NodeAsync(), "overhead");
        var (struck, calm, starts, repeated) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 1; repetition <= arguments.Repetitions; repetition++)
        {
            var killed = await new StruckRun(place, Name("struck", repetition)).RunAsync(Every);
            struck.Add(killed.Working.TotalSeconds);
            starts.AddRange(killed.PodStarts.Select(start => start.TotalSeconds));
            repeated.Add(killed.RepeatedModelCalls);
            calm.Add((await new StruckRun(place, Name("calm", repetition)).RunAsync(null)).Total.TotalSeconds);
            await progress.WriteLineAsync(
                $"overhead {repetition}: {Figure.Format(struck[^1])} s of {Figure.Format(killed.Total.TotalSeconds)} s (pods: "
                    + $"{string.Join(", ", killed.PodStarts.Select(start => Figure.Format(start.TotalSeconds)))} s), "
                + $"{Figure.Format(calm[^1])} s without kills, {killed.RepeatedModelCalls} repeated calls");
        }

        var overhead = Figure.OfMedian("overhead", struck, "s", calm);
        yield return overhead with
        {
            Goal = Goal.AtMostOfPeer(1.1),
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"from the first model call's arrival to the last one's end, by the model's log; a step is {StruckRun.ModelMilliseconds} ms of the "
                    + $"model and {StruckRun.ToolMilliseconds} ms of a tool; SIGKILL "
                + $"as soon as a watch shows each {Every}th answer, while its tool works, which runs again; subtracted, back-off included, is what "
                + $"lies between the end of the killed process and the making of "
                + $"the next agent's ({Figure.Format(Statistics.Median(starts))} s); the next agent's own start and its reading of the journal are "
                + $"not"),
        };
        yield return new Figure("overhead-repeated-calls", repeated.Sum(), "calls")
        {
            Target = "0", IsReached = repeated.Sum() == 0, Repetitions = repeated,
            Note = $"by the model's own log, of {repeated.Count * StruckRun.Steps} calls in all repetitions with kills",
        };
    }

    private static string Name(string prefix, int repetition) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{repetition}");
}
