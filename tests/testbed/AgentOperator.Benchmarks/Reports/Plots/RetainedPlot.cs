using System.Globalization;

namespace AgentOperator.Benchmarks.Reports.Plots;

/// <summary>What finished runs that are kept cost: each figure over how many are kept.</summary>
internal sealed class RetainedPlot : IPlot
{
    private const double PanelWidth = 310;
    private const double Left = 16;
    private const double Top = 70;
    private const double Bottom = 300;

    /// <summary>Names, without the number of runs at the end, and what they are called.</summary>
    private static readonly IReadOnlyList<(string Prefix, string Heading)> Panels =
        [
            ("operator-memory", "memory for each kept run"),
            ("restart", "restart, until all are reconciled"),
            ("scale", "new runs beside the kept ones"),
        ];

    public string File => "retained.svg";

    public string Title => "Finished runs that are kept";

    public Svg? Draw(IReadOnlyList<Figure> figures)
    {
        var panels = Panels.Select(panel => (panel.Heading, Points: PointsOf(figures, panel.Prefix))).Where(panel => panel.Points.Length > 0)
            .ToArray();
        if (panels.Length == 0)
        {
            return null;
        }

        var svg = new Svg((2 * Left) + (Panels.Count * PanelWidth), Bottom + 56, Title);
        svg.Text(24, 56, "Measured once for each number of runs. Dashed: the goal.", color: Palette.Faint);
        for (var index = 0; index < panels.Length; index++)
        {
            Draw(svg, panels[index].Heading, panels[index].Points, Left + (index * PanelWidth));
        }

        return svg;
    }

    private static (int Runs, Figure Figure)[] PointsOf(IReadOnlyList<Figure> figures, string prefix) =>
    [
        .. figures.Where(figure => figure.Name.StartsWith($"{prefix}-", StringComparison.Ordinal))
            .Select(
                figure =>
                    (Runs: int.TryParse(figure.Name.AsSpan(prefix.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var runs)
                        ? runs
                        : 0, figure))
            .Where(point => point.Runs > 0)
            .OrderBy(point => point.Runs),
    ];

    private static void Draw(Svg svg, string heading, (int Runs, Figure Figure)[] points, double x)
    {
        var highest = points.Max(point => point.Figure.Value);
        var goal = points[0].Figure.Goal;
        var axis = new PanelAxis(svg, Scale.Upto(Math.Max(goal?.Bound ?? 0, highest)), x + 48, x + PanelWidth - 24, Top + 38, Bottom);
        axis.Draw(heading, points[0].Figure.Unit);
        if (goal is not null)
        {
            svg.Line(axis.Left, axis.At(goal.Bound), axis.Right, axis.At(goal.Bound), Palette.Missed, 1.5, "6 4")
                .Text(axis.Right, Top + 40, goal.ToString(), size: 11, color: Palette.Missed, anchor: "end");
        }

        var most = (double)points[^1].Runs;
        var places = points.Select(point => (X: axis.Left + 10 + (point.Runs / most * (axis.Right - axis.Left - 30)), Y: axis.At(point.Figure.Value)))
            .ToArray();
        svg.Path(places, Palette.Ours);
        foreach (var ((placeX, placeY), (runs, figure)) in places.Zip(points))
        {
            svg.Dot(placeX, placeY, Palette.Ours, 4.5)
                .Text(placeX, placeY - 10, Figure.Format(figure.Value), anchor: "middle", weight: "bold")
                .Text(
                    placeX, axis.Bottom + 17, string.Create(CultureInfo.InvariantCulture, $"{runs / 1000.0:0.#}k"), size: 11, color: Palette.Faint,
                    anchor: "middle");
        }

        svg.Text((axis.Left + axis.Right) / 2, axis.Bottom + 38, "finished runs kept", size: 11, color: Palette.Faint, anchor: "middle");
    }
}
