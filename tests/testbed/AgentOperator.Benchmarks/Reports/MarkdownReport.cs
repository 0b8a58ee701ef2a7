using System.Globalization;
using System.Text;

namespace AgentOperator.Benchmarks.Reports;

/// <summary>The figures as a page, with what has to be known to compare them.</summary>
internal static class MarkdownReport
{
    /// <summary>The page.</summary>
    /// <param name="now">The run that it is of.</param>
    /// <param name="before">The run before, for the noise; null when there is none.</param>
    /// <param name="plots">Paths and titles of the plots.</param>
    /// <param name="tried">What was tried.</param>
    public static string Render(FigureSet now, FigureSet? before, IReadOnlyList<(string File, string Title)> plots, string tried)
    {
        var text = new StringBuilder();
        text.AppendLine("# Benchmarks").AppendLine()
            .AppendLine(
                "Written by `make bench`; do not edit. Each figure is a median, measured in the same run as its peer, in turns with it. No figure "
                    + "decides a test.").AppendLine();
        AppendFacts(text, now);
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| name | value | peer | ratio | to reach | reached |{(before is null ? "" : " value before | peer before | ratio before |")} "
                + $"repetitions | what |")
            .AppendLine(CultureInfo.InvariantCulture, $"|---|---|---|---|---|---|{(before is null ? "" : "---|---|---|")}---|---|");
        foreach (var figure in now.Figures)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| `{figure.Name}` | {Measured(figure)} | {figure.Target} | {Reached(figure)} |{Before(figure, before)} {Repetitions(figure)} | "
                    + $"{figure.Note} |");
        }

        text.AppendLine();
        foreach (var (file, title) in plots)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"![{title}]({file})").AppendLine();
        }

        if (before is not null)
        {
            text.AppendLine("## The run before").AppendLine()
                .AppendLine("How much the figures move between two runs: the columns _before_ are of this one.").AppendLine();
            AppendFacts(text, before);
        }

        return text.Append(tried).ToString();
    }

    private static void AppendFacts(StringBuilder text, FigureSet set)
    {
        foreach (var fact in set.Facts)
        {
            text.Append("- ").Append(fact.Name).Append(": ").AppendLine(fact.Value);
        }

        text.AppendLine();
    }

    private static string Before(Figure figure, FigureSet? before) => before switch
    {
        null => "",
        _ when before.Figures.FirstOrDefault(known => known.Name == figure.Name) is { } known => $" {Measured(known)} |",
        _ => " | | |",
    };

    private static string Measured(Figure figure) => $"{Figure.Format(figure.Value)} {figure.Unit} | {Peer(figure)} | {Ratio(figure)}";

    private static string Peer(Figure figure) => figure.Peer is { } peer ? $"{Figure.Format(peer)} {figure.Unit}" : "";

    private static string Ratio(Figure figure) => figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "";

    private static string Reached(Figure figure) => figure.IsReached switch { true => "yes", false => "no", _ => "" };

    private static string Repetitions(Figure figure) => string.Join(", ", figure.Repetitions.Select(Figure.Format));
}
