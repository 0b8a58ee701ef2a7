using System.Globalization;

namespace AgentOperator.Benchmarks;

/// <summary>One measured figure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The median of the repetitions.</param>
/// <param name="Unit">Its unit.</param>
internal sealed record Figure(string Name, double Value, string Unit)
{
    /// <summary>The same of the peer, in the same run; null when there is none.</summary>
    public double? Peer { get; init; }

    /// <summary>What is to be reached, as a number; null when it is none.</summary>
    public Goal? Goal { get; init; }

    /// <summary>What is to be reached, in words. Default: the goal's.</summary>
    public string Target
    {
        get => field ?? Goal?.ToString() ?? "";
        init;
    }

    /// <summary>Whether it is reached; null when that is not decided by the figure alone. Default: the goal decides.</summary>
    public bool? IsReached
    {
        get => field ?? (Goal?.ShareOf(Value, Peer) is { } share ? share <= 1 : null);
        init;
    }

    /// <summary>All repetitions' values, for the noise.</summary>
    public IReadOnlyList<double> Repetitions { get; init; } = [];

    /// <summary>The peer's.</summary>
    public IReadOnlyList<double> PeerRepetitions { get; init; } = [];

    /// <summary>What is compared, and what has to be known of it.</summary>
    public string Note { get; init; } = "";

    /// <summary>Value over peer.</summary>
    public double? Ratio => Peer is { } peer and not 0 ? Value / peer : null;

    /// <summary>A figure from its repetitions.</summary>
    public static Figure OfMedian(string name, IReadOnlyList<double> values, string unit, IReadOnlyList<double>? peers = null) =>
        new(name, Statistics.Median(values), unit)
        {
            Repetitions = values,
            Peer = peers is null ? null : Statistics.Median(peers),
            PeerRepetitions = peers ?? [],
        };

    public override string ToString() => Peer is null
        ? string.Create(CultureInfo.InvariantCulture, $"bench {Name} {Format(Value)} {Unit}")
        : string.Create(CultureInfo.InvariantCulture, $"bench {Name} {Format(Value)} {Unit} (peer {Format(Peer.Value)}, ratio {Ratio:0.00})");

    /// <summary>Three significant digits or so.</summary>
    public static string Format(double value) =>
        value.ToString(Math.Abs(value) switch { >= 100 => "0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
