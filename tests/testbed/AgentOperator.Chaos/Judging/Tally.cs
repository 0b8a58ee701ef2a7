using System.Globalization;

namespace AgentOperator.Chaos.Judging;

/// <summary>Sums up many simulations, and the cluster layer.</summary>
internal sealed class Tally
{
    private readonly Dictionary<FindingKind, int> _counts = [];
    private int _runs;

    public int Seeds { get; private set; }

    public int Kills { get; private set; }

    /// <summary>Seeds in which anything was found.</summary>
    public int Failed { get; private set; }

    public void Add(SimulationResult result) => Add(result.Kills, result.Runs, [.. result.Findings.Select(finding => finding.Kind)]);

    /// <summary>Adds what came of one seed, of the simulation or of the cluster.</summary>
    /// <param name="kills">Strikes that hit.</param>
    /// <param name="agentRuns">Agent runs that there were.</param>
    /// <param name="findings">What was found.</param>
    public void Add(int kills, int agentRuns, IReadOnlyList<FindingKind> findings)
    {
        Seeds++;
        Kills += kills;
        _runs += agentRuns;
        Failed += findings.Count > 0 ? 1 : 0;
        foreach (var kind in findings)
        {
            _counts[kind] = Count(kind) + 1;
        }
    }

    /// <summary>The last line; what fits none of its words is named after them.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"chaos: seeds={Seeds} kills={Kills} runs={_runs} lost={Count(FindingKind.Lost)} repeated={Count(FindingKind.Repeated)} "
            + $"duplicated={Count(FindingKind.Duplicated)} stuck={Count(FindingKind.Stuck)} "
            + $"orphans={Count(FindingKind.Orphan)}{(Count(FindingKind.Other) > 0 ? $" other={Count(FindingKind.Other)}" : "")}");

    private int Count(FindingKind kind) => _counts.GetValueOrDefault(kind);
}
