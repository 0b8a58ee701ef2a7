using System.Diagnostics.CodeAnalysis;
using AgentOperator.Benchmarks.Reports;
using AgentOperator.Benchmarks.Rows;

namespace AgentOperator.Benchmarks;

/// <summary>Runs the benchmarks that are asked for, prints a line for each figure, and writes the report.</summary>
internal sealed class BenchmarkProgram(TextWriter output, TextWriter errors)
{
    private const int ExitUsage = 64;
    private const int ExitFailure = 1;

    private readonly IReadOnlyList<IBenchmark> _benchmarks =
    [
        new ThroughputBenchmark(), new AppendBenchmark(), new RetainedRunsBenchmark(), new RunnerBenchmark(), new RecoveryBenchmark(),
        new OverheadBenchmark(),
    ];

    /// <returns>The exit code: no figure decides it.</returns>
    public async Task<int> RunAsync(string[] given)
    {
        Arguments arguments;
        try
        {
            arguments = Arguments.Parse(given);
            if (arguments.Only.FirstOrDefault(name => !_benchmarks.Any(benchmark => benchmark.Figures.Contains(name))) is { } unknown)
            {
                throw new FormatException($"there is no benchmark '{unknown}'; --list shows them");
            }
        }
        catch (FormatException exception)
        {
            await errors.WriteLineAsync($"bench: {exception.Message}");
            return ExitUsage;
        }

        if (arguments.ShowHelp)
        {
            await output.WriteLineAsync(Arguments.Help);
            return 0;
        }

        if (arguments.List)
        {
            foreach (var benchmark in _benchmarks)
            {
                await output.WriteLineAsync($"{string.Join(", ", benchmark.Figures)}{Environment.NewLine}    {benchmark.Description}");
            }

            return 0;
        }

        var (figures, failed) = await MeasureAsync(arguments);
        if (arguments.ReportPath is { } report)
        {
            await new Report(Repository.PathOf(report)).WriteAsync(arguments, figures);
            await errors.WriteLineAsync($"bench: wrote {report}");
        }
        else
        {
            await errors.WriteLineAsync("bench: wrote no report; --report PATH writes one of a part too");
        }

        return failed ? ExitFailure : 0;
    }

    /// <summary>Measures one benchmark after the other. One that fails is told of and costs no other its figures: they took long.</summary>
    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "A benchmark may fail of anything; it is told, and the exit code says so.")]
    private async Task<(IReadOnlyList<Figure> Figures, bool Failed)> MeasureAsync(Arguments arguments)
    {
        var (figures, failed) = (new List<Figure>(), false);
        await using var sites = new BenchmarkSites(arguments, errors);
        foreach (var benchmark in _benchmarks.Where(benchmark => arguments.Only.Count == 0 || benchmark.Figures.Any(arguments.Only.Contains)))
        {
            try
            {
                await foreach (var figure in benchmark.RunAsync(sites, arguments, errors))
                {
                    await output.WriteLineAsync(figure.ToString());
                    figures.Add(figure);
                }
            }
            catch (Exception exception)
            {
                failed = true;
                await errors.WriteLineAsync($"bench: FAILED {string.Join(", ", benchmark.Figures)}: {exception}");
            }
        }

        return (figures, failed);
    }
}
