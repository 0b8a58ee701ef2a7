namespace AgentOperator.Benchmarks.Reports.Plots;

/// <summary>Every figure that has a peer beside it: the medians as bars, the repetitions as dots.</summary>
internal sealed class PeerPlot : IPlot
{
    private const int Columns = 4;
    private const double PanelWidth = 236;
    private const double PanelHeight = 230;
    private const double Left = 16;
    private const double Top = 70;
    private const double Bar = 52;

    public string File => "peers.svg";

    public string Title => "Beside the peer";

    public Svg? Draw(IReadOnlyList<Figure> figures)
    {
        var shown = figures.Where(figure => figure.Peer is not null).ToArray();
        if (shown.Length == 0)
        {
            return null;
        }

        var rows = ((shown.Length - 1) / Columns) + 1;
        var columns = Math.Max(3, Math.Min(shown.Length, Columns));
        var svg = new Svg((2 * Left) + (columns * PanelWidth), Top + (rows * PanelHeight), Title);
        svg.Rectangle(24, 46, 11, 11, Palette.Ours).Text(40, 56, "ours", color: Palette.Faint)
            .Rectangle(84, 46, 11, 11, Palette.Peer).Text(100, 56, "peer; dots: repetitions, bars: medians", color: Palette.Faint);
        for (var index = 0; index < shown.Length; index++)
        {
            Draw(svg, shown[index], Left + (index % Columns * PanelWidth), Top + (index / Columns * PanelHeight));
        }

        return svg;
    }

    private static void Draw(Svg svg, Figure figure, double x, double y)
    {
        var axis = new PanelAxis(
            svg, Scale.Upto(new[] { figure.Value, figure.Peer!.Value }.Concat(figure.Repetitions).Concat(figure.PeerRepetitions).Max()), x + 48,
            x + PanelWidth - 16, y + 34, y + PanelHeight - 34);
        axis.Draw(figure.Name, figure.Unit);
        Draw(svg, axis, 0.3, figure.Value, figure.Repetitions, Palette.Ours, "ours");
        Draw(svg, axis, 0.7, figure.Peer!.Value, figure.PeerRepetitions, Palette.Peer, "peer");
    }

    private static void Draw(Svg svg, PanelAxis axis, double place, double median, IReadOnlyList<double> repetitions, string color, string label)
    {
        var middle = axis.Left + (place * (axis.Right - axis.Left));
        svg.Rectangle(middle - (Bar / 2), axis.At(median), Bar, axis.Bottom - axis.At(median), color, radius: 2);
        for (var index = 0; index < repetitions.Count; index++)
        {
            // Beside each other, in the order measured.
            svg.Dot(middle + (((index + 1.0) / (repetitions.Count + 1) - 0.5) * Bar), axis.At(repetitions[index]), Palette.Ink, 2.8);
        }

        var highest = repetitions.Append(median).Max();
        svg.Text(middle, axis.At(highest) - 8, Figure.Format(median), anchor: "middle", weight: "bold")
            .Text(middle, axis.Bottom + 16, label, color: Palette.Faint, anchor: "middle");
    }
}
