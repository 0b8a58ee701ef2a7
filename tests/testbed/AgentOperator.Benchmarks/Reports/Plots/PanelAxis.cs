using System.Globalization;

namespace AgentOperator.Benchmarks.Reports.Plots;

/// <summary>The upright axis of a small plot among others.</summary>
internal sealed class PanelAxis(Svg svg, Scale scale, double left, double right, double top, double bottom)
{
    public double Left => left;

    public double Right => right;

    public double Bottom => bottom;

    /// <summary>The height of a value.</summary>
    public double At(double value) => bottom - (value / scale.Top * (bottom - top - 14));

    /// <summary>Draws heading, unit, ticks and base line.</summary>
    public void Draw(string heading, string unit)
    {
        svg.Text(left - 36, top - 14, heading, size: 13, weight: "bold").Text(left - 36, top + 2, unit, size: 11, color: Palette.Faint);
        foreach (var tick in scale.Ticks)
        {
            svg.Line(left, At(tick), right, At(tick), tick == 0 ? Palette.Faint : Palette.Grid)
                .Text(left - 6, At(tick) + 4, tick.ToString("0.####", CultureInfo.InvariantCulture), size: 11, color: Palette.Faint, anchor: "end");
        }
    }
}
