using AgentOperator.Chaos.Engine;

namespace AgentOperator.Chaos.Oracles;

/// <summary>What the oracles found in one simulation.</summary>
internal sealed class Findings(Simulator simulator)
{
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Add(FindingKind kind, string text)
    {
        _all.Add(new Finding(kind, text));
        simulator.Note($"FOUND {kind}: {text}");
    }
}
