using System.Globalization;

namespace AgentOperator.Benchmarks.Reports.Plots;

/// <summary>Every figure against what it is to reach: a bar from the goal to the median, with the repetitions as dots.</summary>
internal sealed class GoalPlot : IPlot
{
    private const double Width = 980;
    private const double Left = 210;
    private const double Right = 640;
    private const double Top = 92;
    private const double Row = 26;

    /// <summary>The ends of the axis, as powers of two; what lies beyond is drawn at the end.</summary>
    private const int End = 4;

    public string File => "goals.svg";

    public string Title => "Each figure against its goal";

    public Svg? Draw(IReadOnlyList<Figure> figures)
    {
        var shown = figures.Select(figure => (Figure: figure, Share: figure.Goal?.ShareOf(figure.Value, figure.Peer)))
            .Where(row => row.Share is not null).ToArray();
        if (shown.Length == 0)
        {
            return null;
        }

        var bottom = Top + (shown.Length * Row);
        var svg = new Svg(Width, bottom + 58, Title);
        svg.Text(
            24, 56,
            "How many times the goal the median is: left of the line it is reached. For a goal that says \"at least\", how many times too small. "
                + "Dots: repetitions.",
            color: Palette.Faint);
        for (var power = -End; power <= End; power++)
        {
            var tick = Math.Pow(2, power);
            svg.Line(At(tick), Top, At(tick), bottom, Palette.Grid)
                .Text(At(tick), bottom + 18, power < 0 ? $"1/{1 / tick:0}" : $"{tick:0}", color: Palette.Faint, anchor: "middle");
        }

        for (var index = 0; index < shown.Length; index++)
        {
            Draw(svg, shown[index].Figure, shown[index].Share!.Value, Top + ((index + 0.5) * Row));
        }

        svg.Line(At(1), Top - 6, At(1), bottom, Palette.Ink, 1.5).Text(At(1), Top - 12, "goal", anchor: "middle", weight: "bold");
        return svg.Text((Left + Right) / 2, bottom + 40, "times the goal, each step a factor of two", color: Palette.Faint, anchor: "middle");
    }

    private static void Draw(Svg svg, Figure figure, double share, double y)
    {
        var color = share <= 1 ? Palette.Reached : Palette.Missed;
        svg.Text(Left - 12, y + 4, figure.Name, anchor: "end")
            .Rectangle(Math.Min(At(share), At(1)), y - 7, Math.Abs(At(share) - At(1)), 14, color, opacity: 0.75)
            .Line(At(share), y - 9, At(share), y + 9, color, 2.5);
        if (figure.Repetitions.Count > 1)
        {
            foreach (var repetition in figure.Repetitions)
            {
                svg.Dot(At(figure.Goal!.ShareOf(repetition, figure.Peer)!.Value), y, Palette.Ink, 2.8);
            }
        }

        svg.Text(Right + 16, y + 4, Words(figure), color: Palette.Ink);
    }

    private static string Words(Figure figure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Figure.Format(figure.Value)} {figure.Unit}{(figure.Ratio is { } ratio ? $", {ratio:0.00}x" : "")}; {figure.Goal}");

    private static double At(double share)
    {
        var power = share > 0 ? Math.Clamp(Math.Log2(share), -End, End) : -End;
        return Left + ((power + End) / (2 * End) * (Right - Left));
    }
}
