using System.Xml.Linq;
using AgentOperator.Benchmarks.Reports;

namespace AgentOperator.Benchmarks.Tests;

public class ReportTests
{
    private static readonly IReadOnlyList<Figure> Figures =
    [
        Figure.OfMedian("throughput", [11.2, 10.6, 8.09], "runs/s", [3.41]) with { Goal = Goal.AtLeastOfPeer(1), Note = "200 runs" },
        Figure.OfMedian("append-p50", [12.1, 10.6, 10.8], "ms", [3.9, 3.81, 3.6]) with { Goal = Goal.AtMostOfPeer(1.2) },
        Figure.OfMedian("journal-writes", [4, 4.01], "writes/run"),
        new Figure("operator-memory-1000", 7.1, "KiB/run") { Goal = Goal.AtMost(6, "KiB/run") },
        new Figure("operator-memory-20000", 5.2, "KiB/run") { Goal = Goal.AtMost(6, "KiB/run") },
        new Figure("operator-cpu-1000", 0, "% of a core") { Goal = Goal.AtMost(1, "% of a core") },
        new Figure("restart-1000", 2.5, "s") { Goal = Goal.AtMost(15, "s") },
        new Figure("restart-20000", 19, "s") { Goal = Goal.AtMost(15, "s") },
        new Figure("scale-1000", 9.5, "runs/s") { Target = "flat" },
        new Figure("overhead-repeated-calls", 0, "calls") { Goal = Goal.AtMost(0, "calls") },
    ];

    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("agentoperator-report-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Write_Again_ShowsTheFiguresOfTheRunBefore()
    {
        await WriteAsync(Figures);
        var first = await WriteAsync([.. Figures.Select(figure => figure with { Value = figure.Value + 1 })]);

        Assert.That(
            first, Does.Contain("| `append-p50` | 11.8 ms | 3.81 ms | 3.10 | at most 1.2x | no | 10.8 ms | 3.81 ms | 2.83 | 12.1, 10.6, 10.8 |"));
        Assert.That(first, Does.Contain("## The run before"));
    }

    [Test]
    public async Task Write_AFigureIsNew_HasNoValueBefore()
    {
        await WriteAsync(Figures.Take(1));

        Assert.That(await WriteAsync(Figures), Does.Contain("| `restart-1000` | 2.50 s |  |  | at most 15 s | yes | | | |"));
    }

    [Test]
    public async Task Write_FirstTime_ComparesWithNothing()
    {
        var text = await WriteAsync(Figures);

        Assert.That(text, Does.Not.Contain("value before").And.Not.Contain("## The run before"));
        Assert.That(text, Does.Contain("| `throughput` | 10.6 runs/s | 3.41 runs/s | 3.11 | at least 1x | yes | 11.2, 10.6, 8.09 | 200 runs |"));
    }

    [Test]
    public async Task Write_Always_PlotsWhatThePageShows()
    {
        var text = await WriteAsync(Figures);
        var plots = Directory.GetFiles(Path.Combine(_folder, "benchmarks"), "*.svg");

        Assert.That(plots.Select(Path.GetFileName), Is.EquivalentTo(new[] { "goals.svg", "peers.svg", "retained.svg" }));
        foreach (var plot in plots)
        {
            Assert.That(text, Does.Contain($"(benchmarks/{Path.GetFileName(plot)})"));
            Assert.That(XDocument.Load(plot).ToString(), Does.Not.Contain("NaN").And.Not.Contain("∞"));
        }
    }

    [Test]
    public async Task Write_NothingToPlot_HasNoPlots() =>
        Assert.That(await WriteAsync([new Figure("journal-writes", 4, "writes/run")]), Does.Not.Contain(".svg"));

    private async Task<string> WriteAsync(IEnumerable<Figure> figures)
    {
        var path = Path.Combine(_folder, "benchmarks.md");
        await new Report(path).WriteAsync(new Arguments(), [.. figures]);
        return await File.ReadAllTextAsync(path);
    }
}
