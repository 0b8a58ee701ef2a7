namespace AgentOperator.Benchmarks;

/// <summary>Something that is measured.</summary>
internal interface IBenchmark
{
    /// <summary>The figures it gives, by name.</summary>
    IReadOnlyList<string> Figures { get; }

    /// <summary>What is measured, beside what.</summary>
    string Description { get; }

    /// <summary>Measures.</summary>
    /// <param name="sites">Where: the site that it asks for is started.</param>
    /// <param name="arguments">How much.</param>
    /// <param name="progress">Is told how far it is.</param>
    IAsyncEnumerable<Figure> RunAsync(BenchmarkSites sites, Arguments arguments, TextWriter progress);
}
