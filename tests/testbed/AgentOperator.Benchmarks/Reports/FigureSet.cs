namespace AgentOperator.Benchmarks.Reports;

/// <summary>A run of the benchmarks.</summary>
/// <param name="Facts">Machine, date, commit and what else has to be known.</param>
/// <param name="Figures">The figures, in the order measured.</param>
internal sealed record FigureSet(IReadOnlyList<Fact> Facts, IReadOnlyList<Figure> Figures);
