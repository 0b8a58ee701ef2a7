namespace AgentOperator.Benchmarks.Reports.Plots;

/// <summary>An axis from zero whose ticks are round numbers.</summary>
/// <param name="Top">Its end, the last tick.</param>
/// <param name="Step">From tick to tick.</param>
internal sealed record Scale(double Top, double Step)
{
    private const int MaxTicks = 5;

    public IEnumerable<double> Ticks => Enumerable.Range(0, (int)Math.Round(Top / Step) + 1).Select(tick => tick * Step);

    /// <summary>The axis for values up to a highest one.</summary>
    public static Scale Upto(double highest)
    {
        if (!(highest > 0))
        {
            return new Scale(1, 1);
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(highest / MaxTicks)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * power).First(step => highest / step <= MaxTicks);
        return new Scale(Math.Ceiling(highest / step) * step, step);
    }
}
