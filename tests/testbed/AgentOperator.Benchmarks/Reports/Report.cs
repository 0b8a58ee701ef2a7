using System.Text.Json;
using AgentOperator.Benchmarks.Reports.Plots;

namespace AgentOperator.Benchmarks.Reports;

/// <summary>The report with its plots and, for the next one to compare with, the figures as they are.</summary>
/// <param name="path">The report's path; the folder of the same name beside it holds the rest.</param>
internal sealed class Report(string path)
{
    private readonly string _folder = Path.ChangeExtension(path, null);

    private string FiguresPath => Path.Combine(_folder, "figures.json");

    /// <summary>Writes it all.</summary>
    public async Task WriteAsync(Arguments arguments, IReadOnlyList<Figure> figures)
    {
        var before = await ReadFiguresAsync();
        var now = new FigureSet(await Machine.DescribeAsync(arguments), figures);
        Directory.CreateDirectory(_folder);
        var plots = new List<(string File, string Title)>();
        foreach (var plot in (IReadOnlyList<IPlot>)[new GoalPlot(), new PeerPlot(), new RetainedPlot()])
        {
            if (plot.Draw(figures) is { } drawing)
            {
                await File.WriteAllTextAsync(Path.Combine(_folder, plot.File), drawing.ToString());
                plots.Add(($"{Path.GetFileName(_folder)}/{plot.File}", plot.Title));
            }
        }

        await File.WriteAllTextAsync(
            path, MarkdownReport.Render(now, before, plots, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "tried.md"))));
        await File.WriteAllTextAsync(FiguresPath, JsonSerializer.Serialize(now, FigureJson.Default.FigureSet) + Environment.NewLine);
    }

    private async Task<FigureSet?> ReadFiguresAsync() => File.Exists(FiguresPath)
        ? JsonSerializer.Deserialize(await File.ReadAllTextAsync(FiguresPath), FigureJson.Default.FigureSet)
        : null;
}
