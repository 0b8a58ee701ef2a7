using System.Globalization;
using System.Text;

namespace AgentOperator.Benchmarks.Reports;

/// <summary>Writes the figures, with what has to be known to compare them.</summary>
internal static class MarkdownReport
{
    public static async Task WriteAsync(string path, Arguments arguments, IReadOnlyList<Figure> figures)
    {
        var text = new StringBuilder();
        text.AppendLine("# Benchmarks").AppendLine()
            .AppendLine("Written by `make bench`; do not edit. Each figure is a median, measured in the same run as its peer, in turns with it. No figure decides a test.").AppendLine();
        foreach (var (name, value) in await Machine.DescribeAsync(arguments))
        {
            text.Append("- ").Append(name).Append(": ").AppendLine(value);
        }

        text.AppendLine().AppendLine("| name | value | peer | ratio | to reach | reached | repetitions | what |").AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var figure in figures)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| `{figure.Name}` | {Figure.Format(figure.Value)} {figure.Unit} | {Peer(figure)} | {Ratio(figure)} | {figure.Target} | {Reached(figure)} | {Repetitions(figure)} | {figure.Note} |");
        }

        text.AppendLine().Append(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "tried.md")));
        await File.WriteAllTextAsync(path, text.ToString());
    }

    private static string Peer(Figure figure) => figure.Peer is { } peer ? $"{Figure.Format(peer)} {figure.Unit}" : "";

    private static string Ratio(Figure figure) => figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "";

    private static string Reached(Figure figure) => figure.IsReached switch { true => "yes", false => "no", _ => "" };

    private static string Repetitions(Figure figure) => string.Join(", ", figure.Repetitions.Select(Figure.Format));
}
