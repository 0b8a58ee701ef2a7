using System.Diagnostics.Metrics;

namespace AgentOperator.ControlRuntime;

/// <summary>Boundaries of histograms in seconds. An exporter's own are for milliseconds: nearly everything would be in the first bucket.</summary>
public static class SecondBuckets
{
    /// <summary>From 5 ms to 5 minutes: queues, reconciles, requests.</summary>
    public static InstrumentAdvice<double> UpToMinutes { get; } =
        Of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300);

    /// <summary>From a quarter of a second to an hour: model calls and recoveries.</summary>
    public static InstrumentAdvice<double> UpToAnHour { get; } =
        Of(0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600);

    private static InstrumentAdvice<double> Of(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
