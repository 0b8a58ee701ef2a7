using System.Globalization;
using AgentOperator.Benchmarks.Nodes;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>How long it takes from a real kill for memory until work goes on, beside Jobs that are killed in the same way.</summary>
internal sealed class RecoveryBenchmark : IBenchmark
{
    public IReadOnlyList<string> Figures => ["recovery", "recovery-restart"];

    public string Description =>
        "on a real node: the kernel kills an agent's container for memory, until the next attempt has committed its first new record; beside a Job "
            + "whose container is "
        + "killed so, until the next container runs: in another pod (restartPolicy Never), and in the same pod (OnFailure)";

    public async IAsyncEnumerable<Figure> RunAsync(BenchmarkSites sites, Arguments arguments, TextWriter progress)
    {
        await using var place = await NodeNamespace.CreateAsync(await sites.NodeAsync(), "recovery");
        var (runs, lines, jobs, restarts) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 1; repetition <= arguments.Repetitions; repetition++)
        {
            // Evenly over the second between two of the kubelet's looks. Otherwise one of the two might always fall just before a look and the other
            // just after it.
            var part = (repetition - 1.0) / arguments.Repetitions;
            var run = new KilledRun(place, Name("run", repetition));
            var (recovered, firstLine) = await run.RecoverAsync(part);
            runs.Add(recovered.TotalSeconds);
            lines.Add(firstLine.TotalSeconds);
            var image = await run.ImageAsync();
            jobs.Add((await new KilledJob(place, Name("job", repetition), image, KilledRun.Memory, "Never").RecoverAsync(part)).TotalSeconds);
            restarts.Add(
                (await new KilledJob(place, Name("restarted", repetition), image, KilledRun.Memory, "OnFailure").RecoverAsync(part)).TotalSeconds);
            await progress.WriteLineAsync(
                $"recovery {repetition}: {Figure.Format(runs[^1])} s, first line after {Figure.Format(lines[^1])} s, Job {Figure.Format(jobs[^1])} "
                    + $"s, restarted in place {Figure.Format(restarts[^1])} s");
        }

        var recovery = Figure.OfMedian("recovery", runs, "s", jobs);
        yield return recovery with
        {
            Goal = Goal.AtMostOfPeer(1.3),
            Note =
                "from the end of the agent's process, as this machine sees it to 2 ms, until a watch shows the next attempt's first record, the "
                    + "result of the tool that was under "
                + $"way and ran again (the new agent's first line came after {Figure.Format(Statistics.Median(lines))} s); the peer, a Job with the "
                + $"same image, request and limit, only "
                + "until the next pod's container writes its first line, with whatever pause the Job controller makes before it; the agent fills "
                + "shared memory, the Job's program its own; killed at moments that lie evenly between two of the kubelet's looks, a second apart, "
                + "for all three",
        };
        yield return Figure.OfMedian("recovery-restart", runs, "s", restarts) with
        {
            Note =
                "the same beside a Job whose pod stays and gets another container at once (restartPolicy OnFailure): no pod is made, and no memory "
                    + "added",
        };
    }

    private static string Name(string prefix, int repetition) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{repetition}");
}
