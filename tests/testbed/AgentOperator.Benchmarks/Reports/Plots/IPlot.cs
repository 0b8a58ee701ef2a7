namespace AgentOperator.Benchmarks.Reports.Plots;

/// <summary>A picture of figures.</summary>
internal interface IPlot
{
    /// <summary>The file's name.</summary>
    string File { get; }

    /// <summary>What it shows, in words.</summary>
    string Title { get; }

    /// <summary>Draws it.</summary>
    /// <returns>Null when none of the figures belongs in it.</returns>
    Svg? Draw(IReadOnlyList<Figure> figures);
}
