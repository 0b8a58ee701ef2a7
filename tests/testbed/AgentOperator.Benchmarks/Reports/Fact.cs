namespace AgentOperator.Benchmarks.Reports;

/// <summary>Something that has to be known of a run of the benchmarks.</summary>
internal sealed record Fact(string Name, string Value);
